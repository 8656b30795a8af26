package tinderbox.spark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.util.Utils;

/** The names of user and machine that Spark and Hadoop need; a container may have neither. */
final class LocalIdentity {
    /** Nothing in Tinderbox depends on this name. */
    private static final String USER = "tinderbox";

    private static final String LOCALHOST = "localhost";

    private LocalIdentity() {}

    /** Sets the names that Spark and Hadoop cannot find; call before a session is created. */
    static void provide(SparkSettings settings) {
        provideHost(settings);
        provideUser();
    }

    /**
     * A local session only talks to itself, so the machine's name does not matter, and resolving it, which can take long,
     * is not needed.
     */
    private static void provideHost(SparkSettings settings) {
        if (settings.isLocal() || !canResolveLocalHost()) {
            Utils.setCustomHostname(LOCALHOST);
        }
    }

    private static boolean canResolveLocalHost() {
        try {
            InetAddress.getLocalHost();
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Hadoop refuses a user without a name, that is, a uid without an entry in /etc/passwd. */
    private static void provideUser() {
        try {
            UserGroupInformation.getCurrentUser();
        } catch (IOException e) {
            UserGroupInformation.setLoginUser(UserGroupInformation.createRemoteUser(USER));
        }
    }
}
