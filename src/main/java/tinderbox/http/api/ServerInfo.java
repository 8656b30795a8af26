package tinderbox.http.api;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Facts about this server. Suppliers stand for values that may change while it runs.
 *
 * @param version of Tinderbox
 * @param sparkVersion of Spark
 * @param master the configured Spark master, such as {@code local[*]}
 * @param cores the number of cores that Spark has, or null if it is not known yet
 * @param executors the executors of a cluster, by id; none with a local master
 * @param session the state of Spark's session
 * @param startedAt when this process started
 * @param uptime the time since then, by a monotonic clock
 * @param limits returns the limits to show, by their names on the wire: String, Long, Integer, Boolean or null
 * @param history how busy it was in the last hour, from the oldest sample to the newest
 * @param checks the conditions for running jobs
 */
public record ServerInfo(
        String version,
        String sparkVersion,
        String master,
        Supplier<Integer> cores,
        Supplier<List<Executor>> executors,
        Supplier<Session> session,
        Instant startedAt,
        Supplier<Duration> uptime,
        Supplier<Map<String, Object>> limits,
        Supplier<List<Sample>> history,
        List<Check> checks) {
    public ServerInfo {
        checks = List.copyOf(checks);
    }

    /**
     * An executor of a cluster.
     *
     * @param id Spark's id, such as {@code 0}
     * @param memoryBytes its heap
     * @param since when it registered
     * @param unreadableRoots names of the roots that it cannot read
     */
    @CompiledJson
    public record Executor(
            String id,
            String host,
            int cores,
            @JsonAttribute(name = "memory_bytes") long memoryBytes,
            @JsonAttribute(name = "spark_version") String sparkVersion,
            @JsonAttribute(name = "java_version") String javaVersion,
            @JsonAttribute(name = "tasks_running") int tasksRunning,
            Instant since,
            @JsonAttribute(name = "unreadable_roots") List<String> unreadableRoots) {}

    /**
     * How busy the server was in a half minute, or in what has passed of it, on average.
     *
     * @param at its end
     * @param cores of Spark, or null if they are not known
     * @param coresBusy how many cores this process used, on a cluster how many ran a task; null if it is not known
     */
    @CompiledJson
    public record Sample(
            Instant at,
            Integer cores,
            @JsonAttribute(name = "cores_busy") Double coresBusy,
            @JsonAttribute(name = "heap_used_bytes") long heapUsed,
            @JsonAttribute(name = "heap_max_bytes") long heapMax,
            @JsonAttribute(name = "tasks_running") double tasksRunning,
            @JsonAttribute(name = "jobs_running") double jobsRunning,
            @JsonAttribute(name = "jobs_waiting") double jobsWaiting) {}

    /**
     * The state of Spark's session.
     *
     * @param state its name on the wire, such as {@code ready}
     * @param detail why, as a sentence without its capital and full stop
     * @param since when it came into this state
     */
    @CompiledJson
    public record Session(String state, String detail, Instant since) {}

    /**
     * A condition for running jobs.
     *
     * @param name a word or two, such as {@code spark}
     * @param look returns the current finding; must be quick and must not block
     */
    public record Check(String name, Supplier<Finding> look) {}

    /**
     * The result of a check.
     *
     * @param ok true if the condition holds
     * @param detail what was found
     * @param hint what to do about it; empty if it holds
     */
    public record Finding(boolean ok, String detail, String hint) {
        public static Finding good(String detail) {
            return new Finding(true, detail, "");
        }

        public static Finding bad(String detail, String hint) {
            return new Finding(false, detail, hint);
        }
    }
}
