package tinderbox.http.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Facts about this server; what may change while it runs is asked for each time.
 *
 * @param version of Tinderbox
 * @param sparkVersion of Spark
 * @param master the Spark master as it was asked for, such as {@code local[*]}
 * @param cores how many cores Spark has, or null while it is not known
 * @param startedAt when this process started
 * @param uptime how long ago that was, by a clock that does not jump
 * @param limits the bounds worth showing, by their names on the wire: String, Long, Integer, Boolean or null
 * @param checks what must hold for jobs to run
 */
public record ServerInfo(
        String version,
        String sparkVersion,
        String master,
        Supplier<Integer> cores,
        Instant startedAt,
        Supplier<Duration> uptime,
        Map<String, Object> limits,
        List<Check> checks) {
    public ServerInfo {
        limits = Collections.unmodifiableMap(new LinkedHashMap<>(limits));
        checks = List.copyOf(checks);
    }

    /**
     * One thing that must hold for jobs to run.
     *
     * @param name a word or two, such as {@code spark}
     * @param look finds out how it stands now; must be quick and must not wait
     */
    public record Check(String name, Supplier<Finding> look) {}

    /**
     * How a check stands.
     *
     * @param ok whether it holds
     * @param detail what was found
     * @param hint what to do about it; empty where it holds
     */
    public record Finding(boolean ok, String detail, String hint) {
        /** It holds. */
        public static Finding good(String detail) {
            return new Finding(true, detail, "");
        }

        /** It does not hold; {@code hint} says what to do. */
        public static Finding bad(String detail, String hint) {
            return new Finding(false, detail, hint);
        }
    }
}
