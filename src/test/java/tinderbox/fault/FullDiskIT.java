package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.support.ApiClient;

/** The disk of the data dir fills up while jobs are sent. */
class FullDiskIT {
    private static final long RESERVE = 8L << 20;
    private static final long ROOM_FOR_SOME = 128L << 10;

    @TempDir
    Path base;

    private SmallFileSystem disk;

    @BeforeEach
    void mount() throws Exception {
        Optional<SmallFileSystem> mounted = SmallFileSystem.mount(base.resolve("disk"), "64m");
        if (mounted.isEmpty()) {
            System.out.println("SKIPPED: FullDiskIT, this user may not mount a tmpfs");
        }
        assumeTrue(mounted.isPresent());
        disk = mounted.get();
    }

    @AfterEach
    void unmount() {
        if (disk != null) {
            disk.close();
        }
    }

    private ServerProcess start(String minFree) {
        return ServerProcess.on(disk.folder().resolve("data"))
                .with(JobClient.root(base))
                .with("--min-free", minFree)
                .start();
    }

    /** Sends jobs until one is refused, and answers with the ids of those before. */
    private static List<String> sendUntilFull(ApiClient apiClient) {
        List<String> accepted = new ArrayList<>();
        while (true) {
            HttpResponse<byte[]> answer = JobClient.send(apiClient, null, JobClient.body(0));
            if (answer.statusCode() != 202) {
                assertEquals(507, answer.statusCode(), () -> new String(answer.body(), StandardCharsets.UTF_8));
                assertEquals("disk_full", ApiClient.json(answer).get("code"));
                return accepted;
            }
            accepted.add(JobClient.id(answer));
        }
    }

    /**
     * Checks that each job is there, with a whole result; or with the word that the disk was full, where it may have met
     * that while it ran.
     */
    private static void assertAllThere(ApiClient apiClient, List<String> accepted, boolean mayHaveFailed) {
        Set<String> listed = new HashSet<>();
        JobClient.list(apiClient).forEach(job -> listed.add(job.get("job_id").toString()));
        assertEquals(new HashSet<>(accepted), listed);
        for (String id : accepted) {
            Map<String, Object> job = apiClient.awaitEnd(id);
            if (mayHaveFailed && "FAILED".equals(job.get("status"))) {
                assertEquals("disk_full", ((Map<?, ?>) job.get("error")).get("code"), job::toString);
            } else {
                assertEquals("SUCCEEDED", job.get("status"), job::toString);
                assertEquals(JobClient.CSV, apiClient.csv(id));
            }
        }
    }

    @Test
    void belowTheReserveNewJobsAreRefusedAndNothingElse() throws Exception {
        List<String> accepted;
        try (ServerProcess server = start("8MiB")) {
            ApiClient apiClient = server.apiClient();
            String first = JobClient.accepted(apiClient, null, 0);
            assertEquals("SUCCEEDED", apiClient.awaitEnd(first).get("status"));
            disk.fill(RESERVE + ROOM_FOR_SOME);
            accepted = sendUntilFull(apiClient);
            assertTrue(disk.free() < RESERVE, "the disk really is that full");
            assertTrue(accepted.size() > 0, "there was room for some");
            accepted.add(first);
            assertEquals(503, JobClient.status(apiClient, "/readyz"));
            assertEquals(JobClient.CSV, apiClient.csv(first), "reading goes on");
            disk.clear();
            Waiting.until(
                    () -> JobClient.send(apiClient, "after", JobClient.body(0)).statusCode() / 100 == 2);
            accepted.add(JobClient.id(JobClient.send(apiClient, "after", JobClient.body(0))));
            assertEquals(200, JobClient.status(apiClient, "/readyz"), "it recovers by itself");
            server.kill9();
        }
        try (ServerProcess server = start("8MiB")) {
            assertAllThere(server.apiClient(), accepted, false);
        }
    }

    @Test
    void withoutAReserveNothingAcknowledgedIsLostEither() throws Exception {
        List<String> accepted = new ArrayList<>();
        try (ServerProcess server = start("0")) {
            ApiClient apiClient = server.apiClient();
            String first = JobClient.accepted(apiClient, null, 0);
            assertEquals("SUCCEEDED", apiClient.awaitEnd(first).get("status"));
            accepted.add(first);
            disk.fill(ROOM_FOR_SOME);
            accepted.addAll(sendUntilFull(apiClient));
            disk.fill(0);
            assertEquals(507, JobClient.send(apiClient, null, JobClient.body(0)).statusCode());
            assertTrue(disk.free() < ROOM_FOR_SOME / 8, "the disk really is full");
            assertEquals(JobClient.CSV, apiClient.csv(first), "reading goes on");
            server.kill9();
        }
        disk.clear();
        try (ServerProcess server = start("0")) {
            assertAllThere(server.apiClient(), accepted, true);
        }
    }

    @Test
    void aServerWhoseDiskWasFullToTheBrimGoesOnByItself() throws Exception {
        try (ServerProcess server = start("0")) {
            ApiClient apiClient = server.apiClient();
            String first = JobClient.accepted(apiClient, null, 0);
            assertEquals("SUCCEEDED", apiClient.awaitEnd(first).get("status"));
            disk.fill(ROOM_FOR_SOME);
            List<String> accepted = sendUntilFull(apiClient);
            disk.fill(0);
            assertEquals(507, JobClient.send(apiClient, null, JobClient.body(0)).statusCode());
            disk.clear();
            for (String id : accepted) {
                Map<String, Object> job = apiClient.awaitEnd(id);
                assertTrue(
                        "SUCCEEDED".equals(job.get("status"))
                                || "disk_full".equals(((Map<?, ?>) job.get("error")).get("code")),
                        () -> job + "\n" + server.output());
            }
            assertEquals(
                    "SUCCEEDED",
                    apiClient.awaitEnd(JobClient.accepted(apiClient, null, 0)).get("status"));
        }
    }

    @Test
    void aFirstStartOnAFullDiskSaysSoInOneLineAndWorksOnceThereIsRoom() throws Exception {
        Path data = Files.createDirectory(disk.folder().resolve("data"));
        disk.fill(0);
        try (ServerProcess server = ServerProcess.on(data).begin()) {
            assertEquals(3, server.awaitExit(), server::output);
            assertTrue(server.output().contains("make room on its disk, then start again"), server.output());
            assertTrue(server.output().contains(data.toString()), server.output());
            assertFalse(server.output().contains("\tat "), server.output());
        }
        disk.clear();
        try (ServerProcess server = start("0")) {
            assertEquals(
                    "SUCCEEDED",
                    server.apiClient()
                            .awaitEnd(JobClient.accepted(server.apiClient(), null, 0))
                            .get("status"));
        }
    }

    @Test
    void fullInodesAreAFullDiskAndBreakNoIndex() throws Exception {
        disk.close();
        disk = SmallFileSystem.mount(base.resolve("disk"), "64m,nr_inodes=500").orElseThrow();
        String job;
        try (ServerProcess server = start("0")) {
            ApiClient apiClient = server.apiClient();
            job = JobClient.accepted(apiClient, null, 0);
            assertEquals("SUCCEEDED", apiClient.awaitEnd(job).get("status"));
            disk.fillInodes();
            assertEquals(507, JobClient.send(apiClient, null, JobClient.body(0)).statusCode());
            HttpRequest upload = apiClient
                    .request("/api/v1/datasets/uploads/a")
                    .PUT(BodyPublishers.ofString("a"))
                    .build();
            assertEquals(507, apiClient.send(upload).statusCode());
            HttpResponse<byte[]> ready =
                    apiClient.send(apiClient.request("/readyz").build());
            assertEquals(503, ready.statusCode());
            String answer = new String(ready.body(), StandardCharsets.UTF_8);
            assertTrue(answer.contains("no inodes are left"), answer);
            assertEquals(JobClient.CSV, apiClient.csv(job), "reading goes on");
            server.kill9();
        }
        try (ServerProcess server = ServerProcess.on(disk.folder().resolve("data"))
                .with("--min-free", "0")
                .begin()) {
            assertEquals(3, server.awaitExit(), server::output);
            assertTrue(server.output().contains("make room on its disk, then start again"), server.output());
            assertFalse(server.output().contains("index is broken"), server.output());
        }
        disk.clearInodes();
        try (ServerProcess server = start("0")) {
            assertAllThere(server.apiClient(), List.of(job), false);
            assertFalse(server.output().contains("index is broken"), server.output());
        }
        assertFalse(Files.exists(disk.folder().resolve("data/recovery")));
    }
}
