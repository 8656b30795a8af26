package tinderbox.spark;

import java.util.regex.Pattern;

/** What executors say of themselves to Spark, which checks none of it. Users see it. */
final class ExecutorNames {
    /** Of a host name, or of an address. */
    private static final Pattern HOST = Pattern.compile("[!-~]{1,253}");

    private static final Pattern ID = Pattern.compile("\\w{1,20}");

    private ExecutorNames() {}

    /** A host as users see it; {@code ?} if it can be none. */
    static String host(String host) {
        return host != null && HOST.matcher(host).matches() ? host : "?";
    }

    /** Whether this can be the id of an executor, such as {@code 0}. */
    static boolean isId(String id) {
        return ID.matcher(id).matches();
    }
}
