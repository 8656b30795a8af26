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
import java.util.stream.Stream;
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
import tinderbox.job.Visibility;
import tinderbox.job.dispatch.JobService;

/**
 * Publishes events about jobs to every stream. One thread numbers the events and hands them out: changes at once,
 * progress and logs a few times a second. If it cannot keep up, or fails, it restarts with a new boot id: every client
 * reconnects and receives a snapshot.
 */
public final class EventHub implements JobListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventHub.class);
    private static final int MAX_QUEUED_CHANGES = 1 << 16;
    /** The maximum number of open streams. */
    public static final int MAX_STREAMS = 4096;

    private static final String CHANGED = "job";
    private static final int MAX_IDLE_TOPICS = 256;
    private static final Duration IDLE_TOPIC_LIFETIME = Duration.ofSeconds(60);
    private static final int MANY_JOBS_EVENTS = 4096;
    private static final long ALL_JOBS_BYTES = 8 << 20;
    private static final int JOB_EVENTS = 1024;
    private static final long TOPIC_BYTES = 2 << 20;
    private static final long TOPICS_BYTES = 64 << 20;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(250);
    private static final Duration PING_INTERVAL = Duration.ofSeconds(15);

    private final JobService jobs;
    private final BlockingQueue<Change> changes = new ArrayBlockingQueue<>(MAX_QUEUED_CHANGES);
    private final Map<JobId, EventTopic> jobTopics = new ConcurrentHashMap<>();
    /** The events of the jobs that callers see who do not see all. */
    private final Map<Visibility, EventTopic> seenTopics = new ConcurrentHashMap<>();
    /** The number of changes so far, published or not. */
    private final AtomicLong changeCount = new AtomicLong();

    private final AtomicLong cutOff = new AtomicLong();
    private final Worker worker = new Worker("tinderbox-events", this::run);
    private final LogTail logs;
    private final SnapshotBuilder snapshots;
    /** The running jobs. */
    private final Map<JobId, Job> running = new HashMap<>();

    private final Map<JobId, Progress> publishedProgress = new HashMap<>();
    private EventTopic allJobs;
    private String boot;
    private long seq;
    private volatile boolean restartNeeded = true;

    /** A change of a job: how it is now, or how it was before it was deleted. */
    private record Change(Job job, boolean deleted) {
        boolean isRunning() {
            return !deleted && job.state().isRunning();
        }
    }

    public EventHub(JobService jobs) {
        this.jobs = jobs;
        this.logs = new LogTail(jobs);
        this.snapshots = new SnapshotBuilder(jobs, logs);
    }

    /** Starts publishing. */
    public void start() {
        jobs.addListener(this);
        restart();
        worker.start();
    }

    @Override
    public void changed(Job job) {
        enqueue(new Change(job, false));
    }

    @Override
    public void edited(Job job) {
        enqueue(new Change(job, false));
    }

    @Override
    public void deleted(Job job) {
        enqueue(new Change(job, true));
    }

    private void enqueue(Change change) {
        changeCount.incrementAndGet();
        if (!changes.offer(change)) {
            restartNeeded = true;
        }
    }

    private synchronized void restart() {
        restartNeeded = false;
        changes.clear();
        endAll();
        boot = EventId.newBoot();
        // The first event has the next number, so nothing from before is replayed.
        seq = EventId.BEFORE_FIRST + 1;
        allJobs = topicOfMany(Visibility.ALL, ALL_JOBS_BYTES);
        running.clear();
        publishedProgress.clear();
        jobs.running().forEach(view -> running.put(view.job().id(), view.job()));
    }

    private EventTopic topicOfMany(Visibility visibility, long maxBytes) {
        String currentBoot = boot;
        return new EventTopic(
                new EventTopic.Position(seq, 0, false),
                MANY_JOBS_EVENTS,
                maxBytes,
                changeCount::get,
                upTo -> EventJson.event(
                        "snapshot", new EventId(currentBoot, upTo.seq()), snapshots.manyJobs(visibility)));
    }

    private void run() throws InterruptedException {
        try {
            publishUntilStopped();
        } catch (RuntimeException | Error e) {
            restartNeeded = true;
            throw e;
        }
    }

    private void publishUntilStopped() throws InterruptedException {
        long lookedAt = System.nanoTime();
        long progressAt = lookedAt;
        long pingedAt = lookedAt;
        while (!worker.isStopping()) {
            if (restartNeeded) {
                LOG.warn("Events were missed; every stream is restarted");
                restart();
            }
            Change change = changes.poll(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            if (change != null) {
                handle(change);
            }
            long now = System.nanoTime();
            if (now - lookedAt >= POLL_INTERVAL.toNanos()) {
                lookedAt = now;
                publishLogs();
            }
            if (now - progressAt >= PROGRESS_INTERVAL.toNanos()) {
                progressAt = now;
                publishProgress();
            }
            if (now - pingedAt >= PING_INTERVAL.toNanos()) {
                pingedAt = now;
                ping();
            }
        }
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            handle(change);
        }
    }

    private synchronized void handle(Change change) {
        Job job = change.job();
        JobId id = job.id();
        EventTopic eventTopic = jobTopics.get(id);
        if (eventTopic != null) {
            publishLog(id, eventTopic, !change.isRunning());
        }
        if (change.isRunning()) {
            running.put(id, job);
        } else {
            running.remove(id);
            publishedProgress.remove(id);
        }
        if (!change.deleted()) {
            publish(job, CHANGED, snapshots.listed(job));
            return;
        }
        publish(job, "deleted", new EventJson.Deleted(id.toString()));
        if (eventTopic != null) {
            jobTopics.remove(id);
            eventTopic.end();
        }
    }

    private void publish(Job job, String name, Object data) {
        seq++;
        boolean isEnd = name.equals(CHANGED) && job.state().isTerminal();
        EventId eventId = new EventId(boot, seq, isEnd ? job.id().shortForm() : null);
        ByteBuffer event = EventJson.event(name, eventId, data);
        countCutOff(allJobs.publish(seq, event));
        seenTopics.forEach((visibility, eventTopic) -> {
            if (visibility.includes(job.request().submittedBy())) {
                countCutOff(eventTopic.publish(seq, event));
            }
        });
        EventTopic eventTopic = jobTopics.get(job.id());
        if (eventTopic != null) {
            EventTopic.Position last = eventTopic.position();
            countCutOff(
                    eventTopic.publish(new EventTopic.Position(seq, last.nextLine(), last.atEnd() || isEnd), event));
        }
    }

    private void countCutOff(int streams) {
        cutOff.addAndGet(streams);
    }

    private synchronized void publishLogs() {
        jobTopics.forEach((id, eventTopic) -> {
            if (running.containsKey(id)) {
                publishLog(id, eventTopic, false);
            }
        });
        endIdle(IDLE_TOPIC_LIFETIME);
        trim();
    }

    private void endIdle(Duration limit) {
        jobTopics.values().removeIf(eventTopic -> eventTopic.endIfIdleFor(limit));
        seenTopics.values().removeIf(eventTopic -> eventTopic.endIfIdleFor(limit));
    }

    /** The topics that come and go. */
    private List<EventTopic> topics() {
        return Stream.concat(jobTopics.values().stream(), seenTopics.values().stream())
                .toList();
    }

    /** Bounds the events that they retain together. */
    private void trim() {
        List<EventTopic> topics = topics();
        long kept = topics.stream().mapToLong(EventTopic::retainedBytes).sum();
        long each = kept > TOPICS_BYTES ? TOPICS_BYTES / topics.size() : TOPIC_BYTES;
        topics.forEach(eventTopic -> eventTopic.trim(each));
    }

    private void publishLog(JobId id, EventTopic eventTopic, boolean toTheEnd) {
        try {
            logs.readFrom(id, eventTopic.position().nextLine(), toTheEnd, lines -> {
                seq++;
                ByteBuffer event = EventJson.event("log", new EventId(boot, seq), lines);
                boolean atEnd = eventTopic.position().atEnd();
                countCutOff(eventTopic.publish(new EventTopic.Position(seq, lines.next(), atEnd), event));
            });
        } catch (RuntimeException e) {
            // An unreadable log concerns only the streams of that job.
            LOG.warn("The log of job {} cannot be published", id, e);
            jobTopics.remove(id);
            eventTopic.end();
        }
    }

    private synchronized void publishProgress() {
        running.values().forEach(job -> {
            JobView view = jobs.view(job);
            Progress progress = view.progress();
            if (progress != null && !progress.equals(publishedProgress.put(job.id(), progress))) {
                publish(job, "progress", EventJson.JobProgress.of(view));
            }
        });
    }

    private synchronized void ping() {
        countCutOff(allJobs.broadcast(EventJson.PING));
        topics().forEach(eventTopic -> countCutOff(eventTopic.broadcast(EventJson.PING)));
    }

    /**
     * Subscribes a stream to the events of all jobs that somebody sees.
     *
     * @param lastEventId the last event that its client has received, or null
     * @throws JobException {@link ErrorCode#TOO_MANY_STREAMS} if events come too fast to start one, or {@link
     *     ErrorCode#SHUTTING_DOWN}
     */
    public void followAll(Visibility visibility, EventStream stream, String lastEventId) {
        EventTopic eventTopic;
        synchronized (this) {
            checkOpen();
            eventTopic = topicOf(visibility);
            if (resumes(eventTopic, stream, lastEventId)) {
                return;
            }
        }
        eventTopic.open(stream, resetAfter(lastEventId));
    }

    /** Whether a client that has received this event knows how the job has ended, and has the end of its log. */
    public static boolean isLastOf(JobId id, String lastEventId) {
        return EventId.parse(lastEventId).filter(last -> last.isEndOf(id)).isPresent();
    }

    /** Subscribes a stream to the events of one job, with its log. */
    public void follow(JobId id, EventStream stream, String lastEventId) {
        EventTopic eventTopic;
        synchronized (this) {
            checkOpen();
            eventTopic = topicOf(id);
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
        // A client that is cut off between the reset and the snapshot must not resume after the reset.
        return lastEventId == null
                ? List.of()
                : List.of(EventJson.event("reset", new EventId(boot, EventId.BEFORE_FIRST), Map.of()));
    }

    private void checkOpen() {
        if (worker.isStopping()) {
            throw new JobException(ErrorCode.SHUTTING_DOWN, "The server is shutting down", "reconnect in a moment");
        }
    }

    private EventTopic topicOf(Visibility visibility) {
        if (visibility.isAll()) {
            return allJobs;
        }
        EventTopic known = seenTopics.get(visibility);
        if (known != null) {
            return known;
        }
        makeRoom();
        seq++;
        EventTopic eventTopic = topicOfMany(visibility, TOPIC_BYTES);
        seenTopics.put(visibility, eventTopic);
        return eventTopic;
    }

    private void makeRoom() {
        List<EventTopic> topics = topics();
        long idle = topics.stream()
                .filter(eventTopic -> eventTopic.streamCount() == 0)
                .count();
        if (topics.size() >= MAX_STREAMS + MAX_IDLE_TOPICS || idle >= MAX_IDLE_TOPICS) {
            endIdle(Duration.ZERO);
        }
    }

    private EventTopic topicOf(JobId id) {
        EventTopic known = jobTopics.get(id);
        if (known != null) {
            return known;
        }
        makeRoom();
        seq++;
        String currentBoot = boot;
        // Asked before the length of the log, which is final once the job has ended.
        boolean atEnd = jobs.find(id).job().state().isTerminal();
        EventTopic eventTopic = new EventTopic(
                new EventTopic.Position(seq, logs.total(id), atEnd),
                JOB_EVENTS,
                TOPIC_BYTES,
                changeCount::get,
                upTo -> EventJson.event(
                        "snapshot",
                        new EventId(currentBoot, upTo.seq(), upTo.atEnd() ? id.shortForm() : null),
                        snapshots.oneJob(id, upTo.nextLine())));
        jobTopics.put(id, eventTopic);
        return eventTopic;
    }

    /** The number of open streams. */
    public synchronized int streams() {
        return allJobs.streamCount()
                + topics().stream().mapToInt(EventTopic::streamCount).sum();
    }

    /** The number of streams that were cut off because their clients did not read. */
    public long cutOff() {
        return cutOff.get();
    }

    private void endAll() {
        if (allJobs != null) {
            allJobs.end();
        }
        topics().forEach(EventTopic::end);
        jobTopics.clear();
        seenTopics.clear();
    }

    /** Publishes the pending changes, then ends every stream in an orderly way. */
    @Override
    public void close() {
        worker.close();
        synchronized (this) {
            endAll();
        }
    }
}
