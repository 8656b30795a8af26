package tinderbox;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How a server is set up; each part is documented at its {@link Setting}. Made by {@link ConfigLoader}, which
 * has checked it.
 *
 * @param minFreeBytes null for what fits the disk
 * @param corsOrigin null where no other origin may call
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
        String corsOrigin) {}
