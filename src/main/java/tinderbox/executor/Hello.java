package tinderbox.executor;

import java.util.List;
import org.apache.spark.package$;

/**
 * The first message of an executor.
 *
 * @param memoryBytes its heap
 * @param sparkVersion such as {@code 4.2.0}
 * @param javaVersion such as {@code 17.0.15}
 * @param unreadableRoots names of the roots that it cannot read
 * @param refusal why it gets no tasks; null if it gets some
 */
public record Hello(
        long memoryBytes, String sparkVersion, String javaVersion, List<String> unreadableRoots, String refusal)
        implements Request<Void> {
    private static final long serialVersionUID = 1;

    public Hello {
        unreadableRoots = List.copyOf(unreadableRoots);
    }

    /** From this process. */
    static Hello ofThisProcess(List<String> unreadableRoots, String refusal) {
        return new Hello(
                Runtime.getRuntime().maxMemory(),
                package$.MODULE$.SPARK_VERSION(),
                System.getProperty("java.version"),
                unreadableRoots,
                refusal);
    }

    /**
     * Why this process is refused; null if it is not.
     *
     * @param driversSpark the version of Spark in the driver
     */
    static String refusalOfThisProcess(String driversSpark) {
        return refusal(package$.MODULE$.SPARK_VERSION(), driversSpark);
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
