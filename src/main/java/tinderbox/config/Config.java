package tinderbox.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The configuration of a server. {@link ConfigLoader} creates it from the settings that {@link Setting} documents.
 *
 * @param roots the folders that jobs may read, by name
 * @param sharedDataDir whether the workers of a cluster see the data dir at the same path
 * @param maxRunning null for as many as the cluster has cores
 * @param minFreeBytes null for a value that depends on the size of the disk
 * @param sql who may run SQL
 * @param warmsUp whether a start runs some small jobs, so that the first user's job is fast
 * @param corsOrigins as browsers send them
 */
public record Config(
        String host,
        int port,
        Path dataDir,
        String master,
        Map<String, Root> roots,
        boolean sharedDataDir,
        Integer maxRunning,
        int maxQueued,
        int maxAttempts,
        Duration jobTimeout,
        long retainJobs,
        int retainDays,
        long maxLogBytes,
        long maxResultBytes,
        long maxUploadBytes,
        long maxInputBytes,
        int maxExpansion,
        Long minFreeBytes,
        Duration grace,
        SqlAccess sql,
        boolean warmsUp,
        Map<String, String> sparkConf,
        boolean sparkUi,
        List<String> corsOrigins,
        Logging logging,
        Access access,
        Cluster cluster) {
    /** Whether the tasks of jobs run in the server, not on a cluster. */
    public boolean isLocal() {
        return master.startsWith("local");
    }

    /** Who may run SQL: it reads every row of every root. */
    public enum SqlAccess {
        /** Nobody. */
        OFF,
        /** Only admins. */
        ADMIN,
        /** All who may submit jobs. */
        ON
    }

    /**
     * The server's own log.
     *
     * @param file where it is written; null for standard error
     * @param maxBytes how large the file and the older ones beside it may be together
     */
    public record Logging(LogFormat format, Path file, long maxBytes) {
        /** Text on standard error. */
        public static final Logging DEFAULT = new Logging(LogFormat.TEXT, null, 0);

        /** The same format, without a file. */
        public Logging onStandardError() {
            return new Logging(format, null, 0);
        }
    }

    /** How the server's own log is written. */
    public enum LogFormat {
        /** For people. */
        TEXT,
        /** One JSON object on each line, for programs. */
        JSON
    }

    /**
     * A folder that jobs may read.
     *
     * @param location its address, with the scheme {@code file} or {@code hdfs}
     * @param shared whether all workers of a cluster can read it there
     */
    public record Root(URI location, boolean shared) {}

    /**
     * Who can reach the server, and how.
     *
     * @param allowedHosts additional names of the server
     * @param tlsCert null for plain HTTP
     * @param tlsKey null for plain HTTP
     * @param insecureHttp whether other machines may connect without TLS
     * @param isPrivate whether submitters see only what is their own
     * @param requestsPerSecond the limit for one token
     * @param jobsPerMinute the limit for one token
     * @param maxRunningPerToken how many jobs of one token may run at the same time
     * @param maxQueuedPerToken how many jobs of one token may wait
     * @param maxShare how much of each shared limit one client may hold, in percent
     * @param maxAuditBytes the maximum size of the audit log
     * @param maxAccessLogBytes the maximum size of the access log; 0 for none
     */
    public record Access(
            List<String> allowedHosts,
            Path tlsCert,
            Path tlsKey,
            boolean insecureHttp,
            boolean isPrivate,
            int requestsPerSecond,
            int jobsPerMinute,
            int maxRunningPerToken,
            int maxQueuedPerToken,
            int maxShare,
            long maxAuditBytes,
            long maxAccessLogBytes) {}

    /**
     * How the server, a master and workers reach each other; for a local master it has no effect.
     *
     * @param secretFile null if there is no secret
     * @param driverHost null for the address from which the master is reached
     * @param driverPorts of the driver's RPC and of its blocks; empty for any free ones
     * @param coresMax null for all cores
     * @param insecure whether other machines may take part without a secret
     */
    public record Cluster(
            Path secretFile, String driverHost, List<Integer> driverPorts, Integer coresMax, boolean insecure) {}
}
