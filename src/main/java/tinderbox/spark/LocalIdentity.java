package tinderbox.spark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.util.Utils;

/** The names of user and machine that Spark and Hadoop ask for; a container may have neither. */
final class LocalIdentity {
    /** Names nobody: nothing that Tinderbox does depends on it. */
    private static final String USER = "tinderbox";

    private static final String LOCALHOST = "localhost";

    private LocalIdentity() {}

    /** Gives Spark and Hadoop what they do not find themselves; call before a session is made. */
    static void provide(SparkSettings settings) {
        provideHost(settings);
        provideUser();
    }

    /**
     * A local session talks to itself alone, so that the machine's own name and addresses do not matter, nor whether
     * they can be found, which may take long.
     */
    private static void provideHost(SparkSettings settings) {
        if (settings.isLocal() || !knowsItself()) {
            Utils.setCustomHostname(LOCALHOST);
        }
    }

    private static boolean knowsItself() {
        try {
            InetAddress.getLocalHost();
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Hadoop does not let in a user without a name, that is a uid without an entry in /etc/passwd. */
    private static void provideUser() {
        try {
            UserGroupInformation.getCurrentUser();
        } catch (IOException e) {
            UserGroupInformation.setLoginUser(UserGroupInformation.createRemoteUser(USER));
        }
    }
}
