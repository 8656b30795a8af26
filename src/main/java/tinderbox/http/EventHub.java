package tinderbox.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.ErrorCode;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobListener;
import tinderbox.job.JobService;
import tinderbox.job.JobView;
import tinderbox.job.Progress;

/**
 * Tells all that happens to jobs to all who listen. One thread numbers the events and hands them out: changes at once,
 * progress and logs as it looks after them a few times a second. Where it cannot keep up, or fails, it starts over with
 * a new boot: every client comes back and is told what is now.
 */
final class EventHub implements JobListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventHub.class);
    private static final int MOST_CHANGES = 1 << 16;
    /** As many streams as may be open at the same time. */
    static final int MOST_STREAMS = 4096;

    private static final int MOST_IDLE_FEEDS = 256;
    private static final Duration IDLE_FEED_KEPT_FOR = Duration.ofSeconds(60);
    private static final int KEPT_OF_ALL = 4096;
    private static final long KEPT_BYTES_OF_ALL = 8 << 20;
    private static final int KEPT_OF_JOB = 1024;
    private static final long KEPT_BYTES_OF_JOB = 2 << 20;
    private static final long KEPT_BYTES_OF_JOBS = 64 << 20;
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration PROGRESS_EVERY = Duration.ofMillis(250);
    private static final Duration PING_EVERY = Duration.ofSeconds(15);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final JobService jobs;
    private final BlockingQueue<Change> changes = new ArrayBlockingQueue<>(MOST_CHANGES);
    private final Map<JobId, Feed> feeds = new ConcurrentHashMap<>();
    /** How many changes there have been, told or not. */
    private final AtomicLong happened = new AtomicLong();

    private final AtomicLong cutOff = new AtomicLong();
    private final Thread thread = new Thread(this::run, "tinderbox-events");
    private final LogTail logs;
    private final EventSnapshots snapshots;
    /** What runs, and the progress last told of it. */
    private final Map<JobId, Job> running = new HashMap<>();

    private final Map<JobId, Progress> told = new HashMap<>();
    private Feed all;
    private String boot;
    private long seq;
    private volatile boolean missed = true;
    private volatile boolean closed;

    /** What a job became; null where it was removed. */
    private record Change(JobId id, Job job) {}

    EventHub(JobService jobs) {
        this.jobs = jobs;
        this.logs = new LogTail(jobs);
        this.snapshots = new EventSnapshots(jobs, logs);
    }

    /** Begins to tell. */
    void start() {
        jobs.listen(this);
        startOver();
        thread.start();
    }

    @Override
    public void changed(Job job) {
        put(new Change(job.id(), job));
    }

    @Override
    public void deleted(JobId id) {
        put(new Change(id, null));
    }

    private void put(Change change) {
        happened.incrementAndGet();
        if (!changes.offer(change)) {
            missed = true;
        }
    }

    private synchronized void startOver() {
        missed = false;
        changes.clear();
        endAll();
        boot = EventId.newBoot();
        // The first number that a client can have seen is one more: nothing is replayed from before.
        seq = EventId.NOWHERE + 1;
        String itsBoot = boot;
        all = new Feed(
                new Feed.Mark(seq, 0),
                KEPT_OF_ALL,
                KEPT_BYTES_OF_ALL,
                happened::get,
                upTo -> EventJson.event("snapshot", new EventId(itsBoot, upTo.seq()), snapshots.allJobs()));
        running.clear();
        told.clear();
        jobs.running().forEach(view -> running.put(view.job().id(), view.job()));
    }

    private void run() {
        long lookedAt = System.nanoTime();
        long progressAt = lookedAt;
        long pingedAt = lookedAt;
        while (!closed) {
            try {
                if (missed) {
                    LOG.warn("Events were missed; every stream starts over");
                    startOver();
                }
                Change change = changes.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                if (change != null) {
                    handle(change);
                }
                long now = System.nanoTime();
                if (now - lookedAt >= LOOK_EVERY.toNanos()) {
                    lookedAt = now;
                    look();
                }
                if (now - progressAt >= PROGRESS_EVERY.toNanos()) {
                    progressAt = now;
                    tellProgress();
                }
                if (now - pingedAt >= PING_EVERY.toNanos()) {
                    pingedAt = now;
                    ping();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                LOG.error("Events could not be told; every stream starts over", e);
                missed = true;
                LockSupport.parkNanos(LOOK_EVERY.toNanos());
            }
        }
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            handle(change);
        }
    }

    private synchronized void handle(Change change) {
        JobId id = change.id();
        Feed feed = feeds.get(id);
        Job job = change.job();
        if (feed != null) {
            tellLog(id, feed, job == null || !job.state().isRunning());
        }
        if (job != null && job.state().isRunning()) {
            running.put(id, job);
        } else {
            running.remove(id);
            told.remove(id);
        }
        if (job != null) {
            publish(feed, "job", snapshots.item(job));
            return;
        }
        publish(feed, "deleted", new EventJson.Deleted(id.toString()));
        if (feed != null) {
            feeds.remove(id);
            feed.end();
        }
    }

    private void publish(Feed feed, String name, Object data) {
        seq++;
        ByteBuffer event = EventJson.event(name, new EventId(boot, seq), data);
        count(all.publish(seq, event));
        if (feed != null) {
            count(feed.publish(seq, event));
        }
    }

    private void count(int streams) {
        cutOff.addAndGet(streams);
    }

    private synchronized void look() {
        feeds.forEach((id, feed) -> {
            if (running.containsKey(id)) {
                tellLog(id, feed, false);
            }
        });
        feeds.values().removeIf(feed -> feed.endIfIdleFor(IDLE_FEED_KEPT_FOR));
        trim();
    }

    /** Many jobs may be followed: together their feeds keep no more than this for those who come back. */
    private void trim() {
        long kept = feeds.values().stream().mapToLong(Feed::keptBytes).sum();
        long each = kept > KEPT_BYTES_OF_JOBS ? KEPT_BYTES_OF_JOBS / feeds.size() : KEPT_BYTES_OF_JOB;
        feeds.values().forEach(feed -> feed.trim(each));
    }

    private void tellLog(JobId id, Feed feed, boolean toTheEnd) {
        try {
            logs.after(id, feed.mark().nextLine(), toTheEnd, lines -> {
                seq++;
                ByteBuffer event = EventJson.event("log", new EventId(boot, seq), lines);
                count(feed.publish(new Feed.Mark(seq, lines.next()), event));
            });
        } catch (RuntimeException e) {
            // A log that cannot be read is a matter of those who follow that job.
            LOG.warn("The log of job {} cannot be told", id, e);
            feeds.remove(id);
            feed.end();
        }
    }

    private synchronized void tellProgress() {
        running.values().forEach(job -> {
            JobView view = jobs.view(job);
            Progress progress = view.progress();
            if (progress != null && !progress.equals(told.put(job.id(), progress))) {
                publish(feeds.get(job.id()), "progress", EventJson.JobProgress.of(view));
            }
        });
    }

    private synchronized void ping() {
        count(all.tell(EventJson.PING));
        feeds.values().forEach(feed -> count(feed.tell(EventJson.PING)));
    }

    /**
     * Has a stream tell what happens to all jobs.
     *
     * @param lastEventId the last event that its client has seen, or null
     * @throws JobException {@link ErrorCode#TOO_MANY_STREAMS} if events come too fast to begin one, or {@link
     *     ErrorCode#SHUTTING_DOWN}
     */
    void followAll(EventStream stream, String lastEventId) {
        Feed feed;
        synchronized (this) {
            checkOpen();
            feed = all;
            if (resumes(feed, stream, lastEventId)) {
                return;
            }
        }
        feed.open(stream, resetAfter(lastEventId));
    }

    /** The same for one job, with its log. */
    void follow(JobId id, EventStream stream, String lastEventId) {
        Feed feed;
        synchronized (this) {
            checkOpen();
            feed = feedOf(id);
            if (resumes(feed, stream, lastEventId)) {
                return;
            }
        }
        feed.open(stream, resetAfter(lastEventId));
    }

    private boolean resumes(Feed feed, EventStream stream, String lastEventId) {
        return EventId.parse(lastEventId)
                .filter(last -> last.boot().equals(boot) && feed.resume(stream, last.seq()))
                .isPresent();
    }

    private synchronized List<ByteBuffer> resetAfter(String lastEventId) {
        // A client that is cut off between the reset and what is now must not go on after the reset.
        return lastEventId == null
                ? List.of()
                : List.of(EventJson.event("reset", new EventId(boot, EventId.NOWHERE), Map.of()));
    }

    private void checkOpen() {
        if (closed) {
            throw new JobException(ErrorCode.SHUTTING_DOWN, "The server is shutting down", "come back in a moment");
        }
    }

    private Feed feedOf(JobId id) {
        Feed known = feeds.get(id);
        if (known != null) {
            return known;
        }
        if (feeds.size() >= MOST_STREAMS + MOST_IDLE_FEEDS || idleFeeds() >= MOST_IDLE_FEEDS) {
            feeds.values().removeIf(feed -> feed.endIfIdleFor(Duration.ZERO));
        }
        seq++;
        String itsBoot = boot;
        Feed feed = new Feed(
                new Feed.Mark(seq, logs.total(id)),
                KEPT_OF_JOB,
                KEPT_BYTES_OF_JOB,
                happened::get,
                upTo -> EventJson.event(
                        "snapshot", new EventId(itsBoot, upTo.seq()), snapshots.oneJob(id, upTo.nextLine())));
        feeds.put(id, feed);
        return feed;
    }

    private long idleFeeds() {
        return feeds.values().stream().filter(feed -> feed.size() == 0).count();
    }

    /** How many streams are open. */
    synchronized int streams() {
        return all.size() + feeds.values().stream().mapToInt(Feed::size).sum();
    }

    /** How many streams have been cut off because their clients did not read. */
    long cutOff() {
        return cutOff.get();
    }

    private void endAll() {
        if (all != null) {
            all.end();
        }
        feeds.values().forEach(Feed::end);
        feeds.clear();
    }

    /** Tells what has happened so far, then ends every stream in good order. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(STOP_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            endAll();
        }
    }
}
