package tinderbox.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a server is set up; each part is documented at its {@link Setting}. Made by {@link ConfigLoader}, which
 * has checked it.
 *
 * @param minFreeBytes null for what fits the disk
 * @param corsOrigins other origins whose pages may call
 */
public record Config(
        String host,
        int port,
        Path dataDir,
        String master,
        Map<String, Path> roots,
        int maxRunning,
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
        Map<String, String> sparkConf,
        boolean sparkUi,
        List<String> corsOrigins,
        Access access) {
    /**
     * Who can reach the server, and how.
     *
     * @param allowedHosts names beside the host that it answers to
     * @param tlsCert null for plain HTTP
     * @param tlsKey null for plain HTTP
     * @param insecureHttp whether other machines may come in by plain HTTP
     * @param requestsPerSecond calls that one token may make
     * @param jobsPerMinute jobs that one token may send
     * @param maxShare how much of each shared limit one caller may hold, in percent
     * @param maxAuditBytes what the audit log may take
     */
    public record Access(
            List<String> allowedHosts,
            Path tlsCert,
            Path tlsKey,
            boolean insecureHttp,
            int requestsPerSecond,
            int jobsPerMinute,
            int maxShare,
            long maxAuditBytes) {}
}
