package tinderbox.spark;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.package$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.apache.spark.scheduler.cluster.CoarseGrainedSchedulerBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;
import tinderbox.executor.DriverHandlers;
import tinderbox.executor.Hello;
import tinderbox.job.JobId;
import tinderbox.job.log.LogLine;

/**
 * The executors of the session on a cluster; none with a local master. Spark tells when one registers and when it is
 * lost, and the plugin in it tells what it is. Thread-safe.
 */
public final class Executors implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Executors.class);
    /** Between its registration and its first message, an executor fetches JARs. */
    private static final Duration SILENT_AFTER = Duration.ofSeconds(60);

    /** Executors send a heartbeat each second. */
    private static final Duration NO_HEARTBEAT_AFTER = Duration.ofSeconds(10);

    private static final int MAX_LOST = 100;

    /** Of one executor: all that an int can hold could not be added up. */
    private static final int MAX_CORES = 100_000;

    private final Clock clock;
    private final Map<String, Entry> byId = new HashMap<>();
    /** The hosts of executors that are lost, by id, the newest last. */
    private final Map<String, String> lostHosts = new LinkedHashMap<>();

    private volatile SparkContext context;
    /** Null with a local master, as is {@link #logs}. */
    private ExecutorTasks tasks;

    private ExecutorLogs logs;

    /** What is known of one; the parts come in any order. */
    private static final class Entry {
        private String host;
        private int cores;
        private Instant since;
        private Hello hello;
        private long heardNanos = System.nanoTime();

        private boolean isUsable() {
            return host != null && hello != null && refusal() == null;
        }

        /** Why it gets no tasks, once it has said what it is; null if it gets some. */
        private String refusal() {
            return hello.refusal(package$.MODULE$.SPARK_VERSION());
        }
    }

    /**
     * An executor that gets tasks.
     *
     * @param id Spark's id, such as {@code 0}
     * @param memoryBytes its heap
     * @param since when it registered
     * @param unreadableRoots names of the roots that it cannot read
     */
    public record Executor(
            String id,
            String host,
            int cores,
            long memoryBytes,
            String sparkVersion,
            String javaVersion,
            int tasksRunning,
            Instant since,
            List<String> unreadableRoots) {}

    Executors(Clock clock) {
        this.clock = clock;
    }

    /** Learns of the executors of every session of this process from now on; not called with a local master. */
    void install(ProgressListener progress) {
        tasks = new ExecutorTasks(progress, this, Executors::warn);
        logs = new ExecutorLogs(tasks, this);
        logs.install();
        DriverHandlers.onSession(this::sessionStarts);
        DriverHandlers.install(Hello.class, (id, hello) -> {
            if (!isRegistered(id)) {
                throw new IOException("Spark does not know an executor " + id);
            }
            greeted(id, hello);
            return null;
        });
    }

    /** Asks Spark, whose event may come later than the executor's message. */
    private boolean isRegistered(String id) {
        SparkContext current = context;
        return current != null
                && current.schedulerBackend() instanceof CoarseGrainedSchedulerBackend backend
                && backend.getExecutorIds().contains(id);
    }

    private static void warn(String job, String text) {
        JobLogRouter router = JobLogRouter.ofId(job);
        if (router != null) {
            router.write(LogLine.Level.WARN, text);
        }
    }

    /** Follows the tasks of an attempt on executors. */
    void watch(String group, JobId job) {
        if (tasks != null) {
            tasks.watch(group, job.toString());
            problems().forEach(problem -> warn(job.toString(), problem));
        }
    }

    /** Waits a limited time for what Spark and the executors tell of a job whose attempt ends, and writes it. */
    void finishLog(JobId job) {
        if (logs != null) {
            tasks.catchUp();
            logs.finish(job);
        }
    }

    void forget(String group) {
        if (tasks != null) {
            tasks.forget(group);
        }
    }

    /** Whether a task of this group has made an executor run out of memory. */
    boolean ranOutOfMemory(String group) {
        return tasks != null && tasks.ranOutOfMemory(group);
    }

    private void sessionStarts(SparkContext started) {
        context = started;
        synchronized (this) {
            byId.clear();
        }
        tasks.listenTo(started);
        started.listenerBus().addToSharedQueue(new SparkListener() {
            @Override
            public void onExecutorAdded(SparkListenerExecutorAdded event) {
                registered(
                        event.executorId(),
                        event.executorInfo().executorHost(),
                        event.executorInfo().totalCores(),
                        Instant.ofEpochMilli(event.time()));
            }

            @Override
            public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate event) {
                heartbeat(event.execId());
            }

            @Override
            public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
                removed(event.executorId(), event.reason());
            }
        });
    }

    void registered(String id, String host, int cores, Instant at) {
        if (!ExecutorNames.isId(id)) {
            return;
        }
        String refusal;
        synchronized (this) {
            Entry entry = byId.computeIfAbsent(id, key -> new Entry());
            entry.host = ExecutorNames.host(host);
            entry.cores = Math.max(0, Math.min(cores, MAX_CORES));
            entry.since = at;
            refusal = logNew(id, entry);
        }
        tellAll(refusal);
    }

    private synchronized void heartbeat(String id) {
        Entry entry = byId.get(id);
        if (entry != null) {
            entry.heardNanos = System.nanoTime();
        }
    }

    /** Whether there is a cluster. */
    boolean isOfCluster() {
        return context != null;
    }

    /** Whether none of these executors of a cluster has sent a heartbeat for some time. */
    synchronized boolean areSilent(Collection<String> ids) {
        long now = System.nanoTime();
        return context != null
                && ids.stream()
                        .map(byId::get)
                        .noneMatch(entry -> entry != null && now - entry.heardNanos < NO_HEARTBEAT_AFTER.toNanos());
    }

    void greeted(String id, Hello hello) {
        String refusal;
        synchronized (this) {
            Entry entry = byId.computeIfAbsent(id, key -> new Entry());
            boolean first = entry.hello == null;
            entry.hello = hello;
            refusal = first ? logNew(id, entry) : null;
        }
        tellAll(refusal);
    }

    /** Call this without the lock: {@link ExecutorTasks} asks for hosts while it holds its own. */
    private void tellAll(String refusal) {
        if (refusal != null && tasks != null) {
            tasks.tellAll(refusal);
        }
    }

    /** Logs an executor once both of its parts are known; returns why it is refused, or null. */
    private static String logNew(String id, Entry entry) {
        if (entry.host == null || entry.hello == null) {
            return null;
        }
        String refusal = entry.refusal() == null ? null : refusal(id, entry);
        if (refusal != null) {
            LOG.error("{}", refusal);
        } else {
            LOG.info(
                    "Executor {} on {} has joined: {}, {} MiB, Spark {}, Java {}{}",
                    id,
                    entry.host,
                    entry.cores + (entry.cores == 1 ? " core" : " cores"),
                    entry.hello.memoryBytes() >> 20,
                    entry.hello.sparkVersion(),
                    entry.hello.javaVersion(),
                    entry.hello.unreadableRoots().isEmpty()
                            ? ""
                            : "; it cannot read the roots " + String.join(", ", entry.hello.unreadableRoots()));
        }
        return refusal;
    }

    private static String refusal(String id, Entry entry) {
        return "Executor " + id + " on " + entry.host + " gets no tasks: " + entry.refusal()
                + "; give this worker the server's version, or stop it";
    }

    synchronized void removed(String id, String reason) {
        Entry entry = byId.remove(id);
        if (entry == null) {
            return;
        }
        String host = entry.host == null ? "?" : entry.host;
        LOG.warn("Executor {} on {} is gone: {}", id, host, reason);
        lostHosts.remove(id);
        lostHosts.put(id, host);
        if (lostHosts.size() > MAX_LOST) {
            lostHosts.remove(lostHosts.keySet().iterator().next());
        }
    }

    /** The executors that get tasks, by id. */
    public List<Executor> list() {
        return list(tasksRunning());
    }

    private synchronized List<Executor> list(Map<String, Object> running) {
        return byId.entrySet().stream()
                .filter(entry -> entry.getValue().isUsable())
                .map(entry ->
                        executor(entry.getKey(), entry.getValue(), (Integer) running.getOrDefault(entry.getKey(), 0)))
                .sorted(Comparator.comparingInt(
                                (Executor executor) -> executor.id().length())
                        .thenComparing(Executor::id))
                .toList();
    }

    private static Executor executor(String id, Entry entry, int tasksRunning) {
        return new Executor(
                id,
                entry.host,
                entry.cores,
                entry.hello.memoryBytes(),
                entry.hello.sparkVersion(),
                entry.hello.javaVersion(),
                tasksRunning,
                entry.since,
                entry.hello.unreadableRoots());
    }

    private Map<String, Object> tasksRunning() {
        SparkContext current = context;
        return current != null && !current.isStopped() && current.taskScheduler() instanceof TaskSchedulerImpl scheduler
                ? CollectionConverters.asJava(scheduler.runningTasksByExecutors())
                : Map.of();
    }

    /** How many executors get tasks. */
    public synchronized int count() {
        return (int) byId.values().stream().filter(Entry::isUsable).count();
    }

    /** The cores of all executors that get tasks. */
    public synchronized int cores() {
        return byId.values().stream()
                .filter(Entry::isUsable)
                .mapToInt(entry -> entry.cores)
                .sum();
    }

    /** The host of an executor that is there; {@code ?} if it is not known. */
    synchronized String host(String id) {
        Entry entry = byId.get(id);
        return entry == null || entry.host == null ? "?" : entry.host;
    }

    /** The host of an executor, also of one that is lost; {@code ?} if it is not known. */
    synchronized String lastHost(String id) {
        String host = host(id);
        return host.equals("?") ? lostHosts.getOrDefault(id, "?") : host;
    }

    /** Why executors that have registered get no tasks: one sentence for each, without its full stop. */
    public synchronized List<String> problems() {
        List<String> problems = new ArrayList<>();
        byId.forEach((id, entry) -> {
            if (entry.host != null && entry.hello == null && isLongAgo(entry.since)) {
                problems.add("Executor " + id + " on " + entry.host + " has registered, but its plugin does not report;"
                        + " it may have another version of Spark than the server");
            } else if (entry.host != null && entry.hello != null && entry.refusal() != null) {
                problems.add(refusal(id, entry));
            }
        });
        return problems;
    }

    private boolean isLongAgo(Instant since) {
        return Duration.between(since, clock.instant()).compareTo(SILENT_AFTER) > 0;
    }

    @Override
    public void close() {
        if (logs != null) {
            logs.close();
        }
    }
}
