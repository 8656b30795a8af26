package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tinderbox.job.CancelRequest;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.Outcome;
import tinderbox.job.log.JobLog;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.ResultWriter;
import tinderbox.store.FolderJobStore;

/** Truncates every file of a data dir, and flips bits in it: damage is repaired or reported, and all else is intact. */
class DamageIT {
    /** Times on disk have milliseconds. */
    private static final Clock CLOCK = Clock.tickMillis(ZoneOffset.UTC);

    @TempDir
    static Path base;

    @TempDir
    Path scratch;

    /** The data dirs of a stopped and of a killed server; the second has a database log. */
    private static Path stopped;

    private static Path killed;
    private static final List<Job> JOBS = new ArrayList<>();
    private static JobResult result;

    enum Damage {
        EMPTIED,
        HALVED,
        LAST_BYTE_MISSING,
        FIRST_BYTE_FLIPPED,
        BYTE_IN_FIRST_QUARTER_FLIPPED,
        MIDDLE_BYTE_FLIPPED,
        BYTE_IN_LAST_QUARTER_FLIPPED,
        LAST_BYTE_FLIPPED;

        byte[] applyTo(byte[] content) {
            int length = content.length;
            return switch (this) {
                case EMPTIED -> new byte[0];
                case HALVED -> Arrays.copyOf(content, length / 2);
                case LAST_BYTE_MISSING -> Arrays.copyOf(content, length - 1);
                case FIRST_BYTE_FLIPPED -> flipped(content, 0);
                case BYTE_IN_FIRST_QUARTER_FLIPPED -> flipped(content, length / 4);
                case MIDDLE_BYTE_FLIPPED -> flipped(content, length / 2);
                case BYTE_IN_LAST_QUARTER_FLIPPED -> flipped(content, length * 3 / 4);
                case LAST_BYTE_FLIPPED -> flipped(content, length - 1);
            };
        }

        private static byte[] flipped(byte[] content, int at) {
            byte[] damaged = content.clone();
            damaged[at] ^= 0x04;
            return damaged;
        }
    }

    record Case(Path dataDir, Path file, Damage damage) {
        @Override
        public String toString() {
            Path name = file.getFileName();
            return (file.startsWith("db") ? dataDir.getFileName() + " " : "")
                    + file.getParent().getFileName() + "/" + name + " " + damage;
        }
    }

    @BeforeAll
    static void createJobs() throws Exception {
        stopped = base.resolve("stopped");
        killed = base.resolve("killed");
        try (FolderJobStore store = new FolderJobStore(stopped, CLOCK)) {
            JOBS.add(accepted(store, "pending"));
            JOBS.add(running(store, "running"));
            Job running = running(store, "cancelling");
            Job cancelling =
                    running.cancelling(new CancelRequest("tester", CLOCK.instant(), CancelRequest.Reason.REQUESTED));
            assertTrue(store.transition(running, cancelling));
            JOBS.add(cancelling);
            JOBS.add(succeeded(store));
            JOBS.add(ended(
                    store,
                    running(store, "failed"),
                    new Outcome.Failed(new Failure(ErrorCode.JOB_ERROR, "it broke", "fix it"))));
            JOBS.add(ended(store, accepted(store, "cancelled"), new Outcome.Cancelled("tester")));
            Path log = stopped.resolve("db/jobs.log");
            await().until(() -> Files.exists(log) && Files.readString(log).contains("cancelled"));
            copy(stopped, killed);
        }
    }

    private static Job accepted(FolderJobStore store, String name) {
        Job job = Job.accepted(new JobRequest(
                JobId.random(),
                store.nextSeq(),
                "word-count",
                name,
                true,
                Map.of("input", "samples/a.txt", "min_count", 3L),
                List.of(),
                "",
                "tester",
                CLOCK.instant(),
                null,
                new IdempotencyKey("key-of-" + name, "0".repeat(64))));
        store.accept(job);
        return job;
    }

    private static Job running(FolderJobStore store, String name) throws IOException {
        Job pending = accepted(store, name);
        Job running = pending.started(CLOCK.instant());
        assertTrue(store.transition(pending, running));
        try (JobLog log = store.openLog(running, 1 << 20)) {
            log.info("it runs");
        }
        return running;
    }

    private static Job ended(FolderJobStore store, Job job, Outcome outcome) {
        Job ended = job.ended(outcome, CLOCK.instant(), Duration.ofMillis(7));
        assertTrue(store.transition(job, ended));
        return ended;
    }

    private static Job succeeded(FolderJobStore store) throws IOException {
        Job running = running(store, "succeeded");
        try (ResultWriter writer =
                new ResultWriter(store.attemptFolder(running), List.of(Column.string("word")), 1 << 20)) {
            for (int row = 0; row < 100; row++) {
                writer.row(List.of("word-" + row));
            }
            result = writer.finish(Map.of("words", 100L));
        }
        Job succeeded = running.ended(new Outcome.Succeeded(100), CLOCK.instant(), Duration.ofMillis(7));
        assertTrue(store.publish(running, succeeded, result));
        return succeeded;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        Set<Path> kinds = new HashSet<>();
        for (Path dataDir : List.of(stopped, killed)) {
            try (Stream<Path> all = Files.walk(dataDir)) {
                for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
                    Path file = dataDir.relativize(path);
                    if (Files.size(path) > 0 && (file.startsWith("db") || kinds.add(kind(file)))) {
                        Arrays.stream(Damage.values())
                                .map(damage -> new Case(dataDir, file, damage))
                                .forEach(cases::add);
                    }
                }
            }
        }
        return cases;
    }

    /** The file without its job id: one file of each kind is enough. */
    private static Path kind(Path file) {
        int names = file.getNameCount();
        return file.getName(0)
                .resolve(file.subpath(Math.max(0, names - (file.toString().contains("result") ? 2 : 1)), names));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void damageIsRepairedOrReported(Case damaged) throws Exception {
        Path dataDir = scratch.resolve("data");
        copy(damaged.dataDir, dataDir);
        Path file = dataDir.resolve(damaged.file);
        byte[] before = Files.readAllBytes(file);
        byte[] after = damaged.damage.applyTo(before);
        assertFalse(Arrays.equals(before, after), "the file is damaged");
        Files.write(file, after);
        try (FolderJobStore store = new FolderJobStore(dataDir, CLOCK)) {
            Set<JobId> existing = new HashSet<>();
            for (Job job : JOBS) {
                boolean isDamaged = damaged.file.toString().contains(job.id().toString());
                Optional<Job> found = store.find(job.id());
                found.ifPresent(present -> existing.add(present.id()));
                if (!isDamaged) {
                    assertSame(job, found.orElseThrow(() -> new AssertionError("lost: " + job)));
                    assertEquals(
                            found,
                            store.findByKey("tester", "key-of-" + job.request().name()));
                } else if (found.isPresent()) {
                    assertRepaired(damaged.file.getFileName().toString(), job, found.get());
                } else {
                    assertTrue(isInRecovery(dataDir, job), "what cannot be repaired is in recovery/");
                }
            }
            Set<JobId> listed = new HashSet<>();
            store.list(JobQuery.newest(100)).jobs().forEach(job -> listed.add(job.id()));
            assertEquals(existing, listed);
            assertTrue(store.nextSeq() > JOBS.size(), "a sequence number is never used twice");
            checkResult(store, damaged, after);
        }
    }

    private static void assertSame(Job expected, Job found) {
        assertEquals(expected.request(), found.request());
        assertEquals(expected.state(), found.state());
        assertEquals(expected.attempt(), found.attempt());
        assertEquals(expected.end(), found.end());
    }

    private static void assertRepaired(String file, Job expected, Job found) {
        assertEquals(expected.request(), found.request());
        if (!file.equals("outcome.json") || found.state() == expected.state()) {
            assertSame(expected, found);
        } else {
            String message = ((Outcome.Failed) found.end().outcome()).failure().message();
            assertTrue(message.contains("damaged"), message);
        }
    }

    private static boolean isInRecovery(Path dataDir, Job job) throws IOException {
        try (Stream<Path> recovered = Files.walk(dataDir.resolve("recovery"))) {
            return recovered.anyMatch(path -> path.endsWith(job.id().toString()));
        }
    }

    private static void checkResult(FolderJobStore store, Case damaged, byte[] content) throws Exception {
        Job succeeded = store.find(JOBS.get(3).id()).orElseThrow();
        if (!damaged.file.toString().contains("result")) {
            assertEquals(Optional.of(result), store.result(succeeded));
            assertArrayEquals(HexFormat.of().parseHex(result.sha256()), sha256(rows(store, succeeded)));
        } else if (damaged.file.endsWith("data.csv") && content.length == result.bytes()) {
            // Rows are verified only before they are returned.
            assertEquals(Optional.of(result), store.result(succeeded));
            assertThrows(IOException.class, () -> store.openRows(succeeded));
        } else {
            assertThrows(IOException.class, () -> store.result(succeeded), "a damaged result is not shown");
        }
    }

    private static byte[] rows(FolderJobStore store, Job job) {
        try (SeekableByteChannel rows = store.openRows(job).orElseThrow()) {
            return Channels.newInputStream(rows).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] sha256(byte[] content) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(content);
    }
}
