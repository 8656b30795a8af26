package tinderbox.executor;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.package$;

/**
 * The first message of an executor. Users see what it says.
 *
 * @param memoryBytes its heap
 * @param sparkVersion such as {@code 4.2.0}
 * @param javaVersion such as {@code 17.0.15}
 * @param unreadableRoots names of the roots that it cannot read
 */
public record Hello(long memoryBytes, String sparkVersion, String javaVersion, List<String> unreadableRoots)
        implements Request<Void> {
    private static final long serialVersionUID = 1;

    private static final int MAX_ROOTS = 1_000;
    private static final Pattern WORD = Pattern.compile("[!-~]{1,63}");

    public Hello {
        unreadableRoots = MessageCodec.listOf(String.class, unreadableRoots, MAX_ROOTS);
        boolean valid = memoryBytes > 0
                && Stream.concat(Stream.of(sparkVersion, javaVersion), unreadableRoots.stream())
                        .allMatch(word -> WORD.matcher(word).matches());
        if (!valid) {
            throw new IllegalArgumentException("what this executor says of itself makes no sense");
        }
    }

    /** From this process. */
    static Hello ofThisProcess(List<String> unreadableRoots) {
        return new Hello(
                Runtime.getRuntime().maxMemory(),
                package$.MODULE$.SPARK_VERSION(),
                System.getProperty("java.version"),
                unreadableRoots);
    }

    /**
     * Why the executor that sends this gets no tasks; null if it gets some. It finds that out by itself.
     *
     * @param driversSpark the version of Spark in the driver
     */
    public String refusal(String driversSpark) {
        return refusal(sparkVersion, driversSpark);
    }

    /** Why an executor with this version is refused; null if it is not. Releases of one feature version fit together. */
    static String refusal(String spark, String driversSpark) {
        return feature(spark).equals(feature(driversSpark))
                ? null
                : "it has Spark " + spark + ", but the server has Spark " + driversSpark;
    }

    /** The part of a version that is the same for releases that fit together, such as {@code 4.2}. */
    private static String feature(String version) {
        String[] parts = version.split("\\.", -1);
        return parts.length < 2 ? version : parts[0] + "." + parts[1];
    }
}
