package tinderbox.http.events;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.Worker;
import tinderbox.job.ErrorCode;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobListener;
import tinderbox.job.JobView;
import tinderbox.job.Progress;
import tinderbox.job.dispatch.JobService;

/**
 * Tells all that happens to jobs to all who listen. One thread numbers the events and hands them out: changes at once,
 * progress and logs as it looks after them a few times a second. Where it cannot keep up, or fails, it starts over with
 * a new boot: every client comes back and is told what is now.
 */
public final class EventHub implements JobListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventHub.class);
    private static final int MOST_CHANGES = 1 << 16;
    /** As many streams as may be open at the same time. */
    public static final int MOST_STREAMS = 4096;

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

    private final JobService jobs;
    private final BlockingQueue<Change> changes = new ArrayBlockingQueue<>(MOST_CHANGES);
    private final Map<JobId, EventTopic> eventTopics = new ConcurrentHashMap<>();
    /** How many changes there have been, told or not. */
    private final AtomicLong happened = new AtomicLong();

    private final AtomicLong cutOff = new AtomicLong();
    private final Worker worker = new Worker("tinderbox-events", this::run);
    private final LogTail logs;
    private final SnapshotBuilder snapshots;
    /** What runs, and the progress last told of it. */
    private final Map<JobId, Job> running = new HashMap<>();

    private final Map<JobId, Progress> told = new HashMap<>();
    private EventTopic all;
    private String boot;
    private long seq;
    private volatile boolean missed = true;

    /** What a job became; null where it was removed. */
    private record Change(JobId id, Job job) {}

    public EventHub(JobService jobs) {
        this.jobs = jobs;
        this.logs = new LogTail(jobs);
        this.snapshots = new SnapshotBuilder(jobs, logs);
    }

    /** Begins to tell. */
    public void start() {
        jobs.setListener(this);
        startOver();
        worker.start();
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
        all = new EventTopic(
                new EventTopic.Mark(seq, 0),
                KEPT_OF_ALL,
                KEPT_BYTES_OF_ALL,
                happened::get,
                upTo -> EventJson.event("snapshot", new EventId(itsBoot, upTo.seq()), snapshots.allJobs()));
        running.clear();
        told.clear();
        jobs.running().forEach(view -> running.put(view.job().id(), view.job()));
    }

    private void run() throws InterruptedException {
        try {
            publishUntilStopped();
        } catch (RuntimeException | Error e) {
            missed = true;
            throw e;
        }
    }

    private void publishUntilStopped() throws InterruptedException {
        long lookedAt = System.nanoTime();
        long progressAt = lookedAt;
        long pingedAt = lookedAt;
        while (!worker.isStopping()) {
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
        }
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            handle(change);
        }
    }

    private synchronized void handle(Change change) {
        JobId id = change.id();
        EventTopic eventTopic = eventTopics.get(id);
        Job job = change.job();
        if (eventTopic != null) {
            tellLog(id, eventTopic, job == null || !job.state().isRunning());
        }
        if (job != null && job.state().isRunning()) {
            running.put(id, job);
        } else {
            running.remove(id);
            told.remove(id);
        }
        if (job != null) {
            publish(eventTopic, "job", snapshots.item(job));
            return;
        }
        publish(eventTopic, "deleted", new EventJson.Deleted(id.toString()));
        if (eventTopic != null) {
            eventTopics.remove(id);
            eventTopic.end();
        }
    }

    private void publish(EventTopic eventTopic, String name, Object data) {
        seq++;
        ByteBuffer event = EventJson.event(name, new EventId(boot, seq), data);
        count(all.publish(seq, event));
        if (eventTopic != null) {
            count(eventTopic.publish(seq, event));
        }
    }

    private void count(int streams) {
        cutOff.addAndGet(streams);
    }

    private synchronized void look() {
        eventTopics.forEach((id, eventTopic) -> {
            if (running.containsKey(id)) {
                tellLog(id, eventTopic, false);
            }
        });
        eventTopics.values().removeIf(eventTopic -> eventTopic.endIfIdleFor(IDLE_FEED_KEPT_FOR));
        trim();
    }

    /** Many jobs may be followed: together their feeds keep no more than this for those who come back. */
    private void trim() {
        long kept =
                eventTopics.values().stream().mapToLong(EventTopic::keptBytes).sum();
        long each = kept > KEPT_BYTES_OF_JOBS ? KEPT_BYTES_OF_JOBS / eventTopics.size() : KEPT_BYTES_OF_JOB;
        eventTopics.values().forEach(eventTopic -> eventTopic.trim(each));
    }

    private void tellLog(JobId id, EventTopic eventTopic, boolean toTheEnd) {
        try {
            logs.after(id, eventTopic.mark().nextLine(), toTheEnd, lines -> {
                seq++;
                ByteBuffer event = EventJson.event("log", new EventId(boot, seq), lines);
                count(eventTopic.publish(new EventTopic.Mark(seq, lines.next()), event));
            });
        } catch (RuntimeException e) {
            // A log that cannot be read is a matter of those who follow that job.
            LOG.warn("The log of job {} cannot be told", id, e);
            eventTopics.remove(id);
            eventTopic.end();
        }
    }

    private synchronized void tellProgress() {
        running.values().forEach(job -> {
            JobView view = jobs.view(job);
            Progress progress = view.progress();
            if (progress != null && !progress.equals(told.put(job.id(), progress))) {
                publish(eventTopics.get(job.id()), "progress", EventJson.JobProgress.of(view));
            }
        });
    }

    private synchronized void ping() {
        count(all.tell(EventJson.PING));
        eventTopics.values().forEach(eventTopic -> count(eventTopic.tell(EventJson.PING)));
    }

    /**
     * Has a stream tell what happens to all jobs.
     *
     * @param lastEventId the last event that its client has seen, or null
     * @throws JobException {@link ErrorCode#TOO_MANY_STREAMS} if events come too fast to begin one, or {@link
     *     ErrorCode#SHUTTING_DOWN}
     */
    public void followAll(EventStream stream, String lastEventId) {
        EventTopic eventTopic;
        synchronized (this) {
            checkOpen();
            eventTopic = all;
            if (resumes(eventTopic, stream, lastEventId)) {
                return;
            }
        }
        eventTopic.open(stream, resetAfter(lastEventId));
    }

    /** The same for one job, with its log. */
    public void follow(JobId id, EventStream stream, String lastEventId) {
        EventTopic eventTopic;
        synchronized (this) {
            checkOpen();
            eventTopic = feedOf(id);
            if (resumes(eventTopic, stream, lastEventId)) {
                return;
            }
        }
        eventTopic.open(stream, resetAfter(lastEventId));
    }

    private boolean resumes(EventTopic eventTopic, EventStream stream, String lastEventId) {
        return EventId.parse(lastEventId)
                .filter(last -> last.boot().equals(boot) && eventTopic.resume(stream, last.seq()))
                .isPresent();
    }

    private synchronized List<ByteBuffer> resetAfter(String lastEventId) {
        // A client that is cut off between the reset and what is now must not go on after the reset.
        return lastEventId == null
                ? List.of()
                : List.of(EventJson.event("reset", new EventId(boot, EventId.NOWHERE), Map.of()));
    }

    private void checkOpen() {
        if (worker.isStopping()) {
            throw new JobException(ErrorCode.SHUTTING_DOWN, "The server is shutting down", "come back in a moment");
        }
    }

    private EventTopic feedOf(JobId id) {
        EventTopic known = eventTopics.get(id);
        if (known != null) {
            return known;
        }
        if (eventTopics.size() >= MOST_STREAMS + MOST_IDLE_FEEDS || idleFeeds() >= MOST_IDLE_FEEDS) {
            eventTopics.values().removeIf(eventTopic -> eventTopic.endIfIdleFor(Duration.ZERO));
        }
        seq++;
        String itsBoot = boot;
        EventTopic eventTopic = new EventTopic(
                new EventTopic.Mark(seq, logs.total(id)),
                KEPT_OF_JOB,
                KEPT_BYTES_OF_JOB,
                happened::get,
                upTo -> EventJson.event(
                        "snapshot", new EventId(itsBoot, upTo.seq()), snapshots.oneJob(id, upTo.nextLine())));
        eventTopics.put(id, eventTopic);
        return eventTopic;
    }

    private long idleFeeds() {
        return eventTopics.values().stream()
                .filter(eventTopic -> eventTopic.size() == 0)
                .count();
    }

    /** How many streams are open. */
    public synchronized int streams() {
        return all.size()
                + eventTopics.values().stream().mapToInt(EventTopic::size).sum();
    }

    /** How many streams have been cut off because their clients did not read. */
    public long cutOff() {
        return cutOff.get();
    }

    private void endAll() {
        if (all != null) {
            all.end();
        }
        eventTopics.values().forEach(EventTopic::end);
        eventTopics.clear();
    }

    /** Tells what has happened so far, then ends every stream in good order. */
    @Override
    public void close() {
        worker.close();
        synchronized (this) {
            endAll();
        }
    }
}
