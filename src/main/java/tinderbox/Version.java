package tinderbox;

/** Which Tinderbox this is. */
public final class Version {
    private Version() {}

    /** The version in the JAR's manifest; {@code dev} where the classes do not come from the JAR. */
    public static String tinderbox() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    public static String spark() {
        return org.apache.spark.package$.MODULE$.SPARK_VERSION();
    }
}
