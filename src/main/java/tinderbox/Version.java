package tinderbox;

/** The versions of Tinderbox and Spark. */
public final class Version {
    private Version() {}

    /** The version in the JAR's manifest; {@code dev} if the classes are not in the JAR. */
    public static String tinderbox() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    public static String spark() {
        return org.apache.spark.package$.MODULE$.SPARK_VERSION();
    }
}
