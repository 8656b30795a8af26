package tinderbox.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.filter.ThresholdFilter;
import tinderbox.Server;
import tinderbox.common.LoopbackAddress;
import tinderbox.config.Config;
import tinderbox.config.ConfigLoader;
import tinderbox.config.Setting;
import tinderbox.jobtype.JobTypes;
import tinderbox.security.auth.Role;
import tinderbox.security.auth.TokenAdmin;
import tinderbox.store.files.AtomicFiles;

/**
 * A server that runs in this process for one command: on a free loopback port, with a temporary data dir, and with a token
 * that never leaves the process, so no other user of the machine can send it requests.
 */
final class LocalServer {
    private static final String PREFIX = ".tinderbox-run-";
    private static final String LOCK = "run.lock";

    /** A folder that is younger may not be locked yet. */
    private static final Duration MIN_AGE = Duration.ofMinutes(1);

    private static final int MAX_REMOVALS = 100;

    /** Held until this process ends. The garbage collector would close a channel that nothing refers to. */
    private static final List<FileChannel> LOCKS = new CopyOnWriteArrayList<>();

    private final Server server;
    private final String secret;

    private LocalServer(Server server, String secret) {
        this.server = server;
        this.secret = secret;
    }

    /** An empty data dir, which only its user can read. Removes those that killed processes of this user left. */
    static Path newDataDir(Map<String, String> environment) throws IOException {
        // Java does not look at TMPDIR.
        String chosen = environment.getOrDefault("TMPDIR", "");
        Path all = Path.of(chosen.isEmpty() ? System.getProperty("java.io.tmpdir") : chosen);
        // Hidden, so that files beside it may be inputs.
        Path dataDir = Files.createTempDirectory(all.toRealPath(), PREFIX);
        FileChannel lock =
                FileChannel.open(dataDir.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        LOCKS.add(lock);
        removeAbandoned(all, Files.getOwner(dataDir));
        return dataDir;
    }

    private static void removeAbandoned(Path all, UserPrincipal user) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(all, PREFIX + "*")) {
            for (Path folder : folders) {
                if (isAbandoned(folder, user)) {
                    AtomicFiles.delete(folder);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // They are being removed; nothing depends on it.
        }
    }

    private static boolean isAbandoned(Path folder, UserPrincipal user) {
        try {
            Instant youngest = Instant.now().minus(MIN_AGE);
            // Somebody else's could have a pipe for a lock, or links to files of this user.
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    || !Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(user)
                    || Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS)
                            .toInstant()
                            .isAfter(youngest)) {
                return false;
            }
            try (FileChannel lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
                    FileLock held = lock.tryLock()) {
                return held != null;
            }
        } catch (NoSuchFileException e) {
            // Its removal was interrupted.
            return true;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    /** Starts a server whose jobs may read these folders. */
    static LocalServer start(Path dataDir, Map<Path, String> roots) throws Exception {
        Map<Setting, List<String>> settings = new EnumMap<>(Setting.class);
        settings.put(Setting.HOST, List.of(LoopbackAddress.address()));
        settings.put(Setting.PORT, List.of("0"));
        settings.put(Setting.DATA_DIR, List.of(dataDir.toString()));
        settings.put(Setting.JOB_TIMEOUT, List.of("366d"));
        settings.put(Setting.MIN_FREE, List.of("64MiB"));
        List<String> named = new ArrayList<>();
        roots.forEach((folder, name) -> named.add(name + "=" + folder));
        if (!named.isEmpty()) {
            settings.put(Setting.ROOT, named);
        }
        // The user's settings are for another server.
        Config config = new ConfigLoader(settings, Map.of(), null, dataDir).load();
        LoggingStartup.await(config.logging());
        log(Level.ERROR);
        TempFolder.use(dataDir);
        // Only its hash is on the disk.
        String secret = new TokenAdmin(dataDir, Clock.systemUTC()).create("run", Role.ADMIN, null);
        return new LocalServer(Server.start(config, JobTypes.builtIn(), Clock.systemUTC()), secret);
    }

    private static void log(Level least) {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        for (Appender appender : context.getConfiguration().getAppenders().values()) {
            if (appender instanceof ConsoleAppender console) {
                console.addFilter(ThresholdFilter.createFilter(least, Filter.Result.NEUTRAL, Filter.Result.DENY));
            }
        }
    }

    URI url() {
        return server.url();
    }

    String secret() {
        return secret;
    }

    /** Removes a data dir. The server is not stopped: it ends with the process, and has nothing to keep. */
    static void remove(Path dataDir) {
        log(Level.OFF);
        // After a signal, a server that starts, or a job, may write meanwhile.
        for (int tries = 0; tries < MAX_REMOVALS && Files.exists(dataDir); tries++) {
            try {
                AtomicFiles.delete(dataDir);
            } catch (IOException e) {
                // The next run removes what is left at last.
            }
        }
    }
}
