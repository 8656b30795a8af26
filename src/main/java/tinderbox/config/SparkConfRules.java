package tinderbox.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** The Spark settings that {@code --spark-conf} must not weaken, because the safety of the server rests on them. */
public final class SparkConfRules {
    private static final String NO_CHANGE = "leave it out";
    private static final String USE_ROOT = "leave it out, and give jobs the folder with --root";

    private static final String USE_SECRET = "leave it out, and give --cluster-secret-file";
    private static final String OPEN_CLUSTER = "anyone who reaches Spark's ports could run programs on the cluster";

    /**
     * A rule.
     *
     * @param name a setting, or the beginning of several if it ends with a dot
     * @param allowed the values that do not weaken it
     * @param value the allowed value in words; null if there is none
     * @param where whether it applies to a local master, whose tasks run in the server, to a cluster, or to both
     * @param reason what could happen otherwise
     * @param instead what to do
     */
    private record Rule(
            String name, Predicate<String> allowed, String value, Where where, String reason, String instead) {
        boolean covers(String setting) {
            return name.endsWith(".") ? setting.startsWith(name) : setting.equals(name);
        }

        String problem(String setting) {
            String must = value == null ? " cannot be set: " : " must be " + value + ": ";
            return setting + must + "otherwise " + reason + "; " + instead;
        }
    }

    private enum Where {
        LOCAL,
        CLUSTER,
        BOTH;

        boolean covers(boolean local) {
            return this == BOTH || (this == LOCAL) == local;
        }
    }

    private static final List<Rule> RULES = List.of(
            fixed("spark.sql.variable.substitute", "false", "a query could read the server's environment", NO_CHANGE),
            fixed("spark.sql.runSQLOnFiles", "false", "a query could read any file that it names as a table", USE_ROOT),
            complete("spark.sql.files.ignoreCorruptFiles"),
            complete("spark.sql.files.ignoreMissingFiles"),
            complete("spark.files.ignoreCorruptFiles"),
            complete("spark.files.ignoreMissingFiles"),
            fixed(
                    "spark.sql.defaultUrlStreamHandlerFactory.enabled",
                    "false",
                    "the server would open its own files through the file systems of jobs",
                    NO_CHANGE),
            own("spark.hadoop.fs.tb.", "jobs could read beyond the roots and limits", USE_ROOT),
            own("spark.hadoop.fs.AbstractFileSystem.tb.", "jobs could read beyond the roots and limits", USE_ROOT),
            own("spark.hadoop.fs.file.", "jobs could read any file of this machine", USE_ROOT),
            own("spark.hadoop.fs.AbstractFileSystem.file.", "jobs could read any file of this machine", USE_ROOT),
            own(
                    "spark.hadoop.io.compression.codecs",
                    "a compressed input could unpack to more than --max-expansion allows",
                    NO_CHANGE),
            fixed(
                    "spark.executor.userClassPathFirst",
                    "true",
                    "executors that have another version of Tinderbox would run its classes",
                    NO_CHANGE),
            fixed("spark.task.cpus", "1", "a job could wait for ever for so many cores of an executor", NO_CHANGE),
            own("spark.ssl.rpc.", "Spark would encrypt its connections in another way than with the secret", NO_CHANGE),
            local(
                    "spark.executor.killOnFatalError.depth",
                    is("0"),
                    "0",
                    "a job that runs out of memory would end the server"),
            local("spark.authenticate", is("true"), "true", "other users of this machine could use Spark's ports"),
            local(
                    "spark.driver.bindAddress",
                    address -> !BindPolicy.isExposed(address),
                    "a loopback address",
                    "other machines could reach Spark's ports"),
            local(
                    "spark.driver.host",
                    address -> !BindPolicy.isExposed(address),
                    "a loopback address",
                    "other machines could reach Spark's ports"),
            new Rule(
                    "spark.driver.bindAddress",
                    address -> !BindPolicy.isWildcard(address),
                    "one address",
                    Where.CLUSTER,
                    "Spark's ports would be open on every network of this machine",
                    NO_CHANGE),
            cluster("spark.authenticate", OPEN_CLUSTER, USE_SECRET),
            cluster("spark.authenticate.", OPEN_CLUSTER, USE_SECRET),
            cluster("spark.network.crypto.enabled", "data would cross the network unencrypted", USE_SECRET),
            cluster("spark.network.crypto.saslFallback", "data could cross the network unencrypted", NO_CHANGE));

    private SparkConfRules() {}

    /** The settings, as the documents name them: a star stands for the end of several. */
    public static List<String> names() {
        return RULES.stream()
                .map(rule -> rule.name().endsWith(".") ? rule.name() + "*" : rule.name())
                .distinct()
                .toList();
    }

    private static Predicate<String> is(String value) {
        // As Spark reads it.
        return text -> text.toLowerCase(Locale.ROOT).equals(value);
    }

    private static Rule fixed(String name, String value, String reason, String instead) {
        return new Rule(name, is(value), value, Where.BOTH, reason, instead);
    }

    private static Rule complete(String name) {
        return fixed(
                name,
                "false",
                "a result could lack the input that could not be read",
                "leave it out, and repair the input");
    }

    /** A setting that the server derives from its own options. */
    private static Rule own(String name, String reason, String instead) {
        return new Rule(name, text -> false, null, Where.BOTH, reason, instead);
    }

    private static Rule local(String name, Predicate<String> allowed, String value, String reason) {
        return new Rule(name, allowed, value, Where.LOCAL, reason, NO_CHANGE);
    }

    /** A setting that the server derives from its own options, and that has no effect without a cluster. */
    private static Rule cluster(String name, String reason, String instead) {
        return new Rule(name, text -> false, null, Where.CLUSTER, reason, instead);
    }

    /**
     * What is wrong with a setting of the operator, and what to do; empty if nothing is.
     *
     * @param local whether tasks run in the server's process
     */
    public static Optional<String> problem(String setting, String value, boolean local) {
        // Hadoop drops blanks and control characters at the ends of a name.
        String name = setting.replaceAll("[\\x00-\\x20]", "");
        return RULES.stream()
                .filter(rule -> rule.covers(name)
                        && rule.where().covers(local)
                        && !rule.allowed().test(value.trim()))
                .map(rule -> rule.problem(name))
                .findFirst();
    }
}
