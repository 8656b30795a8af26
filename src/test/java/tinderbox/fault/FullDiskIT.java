package tinderbox.fault;

import static org.awaitility.Awaitility.await;
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

/** The disk of the data dir fills up while jobs are submitted. */
class FullDiskIT {
    private static final long RESERVE = 8L << 20;
    private static final long SPACE_FOR_A_FEW_JOBS = 128L << 10;

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
                .with(JobClient.rootOption(base))
                .with("--min-free", minFree)
                .start();
    }

    /** Submits jobs until one is refused; returns the ids of the accepted ones. */
    private static List<String> submitUntilFull(ApiClient apiClient) {
        List<String> accepted = new ArrayList<>();
        while (true) {
            HttpResponse<byte[]> response = JobClient.submit(apiClient, null, JobClient.body(0));
            if (response.statusCode() != 202) {
                assertEquals(507, response.statusCode(), () -> new String(response.body(), StandardCharsets.UTF_8));
                assertEquals("disk_full", ApiClient.json(response).get("code"));
                return accepted;
            }
            accepted.add(JobClient.id(response));
        }
    }

    /**
     * Checks that each job exists and has a complete result, or, if {@code mayHaveFailed}, failed because the disk was
     * full.
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
    void belowTheReserveOnlyNewJobsAreRefused() throws Exception {
        List<String> accepted;
        try (ServerProcess server = start("8MiB")) {
            ApiClient apiClient = server.apiClient();
            String first = JobClient.submitAccepted(apiClient, null, 0);
            assertEquals("SUCCEEDED", apiClient.awaitEnd(first).get("status"));
            disk.fill(RESERVE + SPACE_FOR_A_FEW_JOBS);
            accepted = submitUntilFull(apiClient);
            assertTrue(disk.free() < RESERVE, "the disk is that full");
            assertTrue(accepted.size() > 0, "some were accepted");
            accepted.add(first);
            assertEquals(503, JobClient.status(apiClient, "/readyz"));
            assertEquals(JobClient.CSV, apiClient.csv(first), "reads still work");
            disk.clear();
            await().until(() ->
                    JobClient.submit(apiClient, "after", JobClient.body(0)).statusCode() / 100 == 2);
            accepted.add(JobClient.id(JobClient.submit(apiClient, "after", JobClient.body(0))));
            assertEquals(200, JobClient.status(apiClient, "/readyz"), "it recovers automatically");
            server.kill9();
        }
        try (ServerProcess server = start("8MiB")) {
            assertAllThere(server.apiClient(), accepted, false);
        }
    }

    @Test
    void withoutAReserveNoAcknowledgedJobIsLost() throws Exception {
        List<String> accepted = new ArrayList<>();
        try (ServerProcess server = start("0")) {
            ApiClient apiClient = server.apiClient();
            String first = JobClient.submitAccepted(apiClient, null, 0);
            assertEquals("SUCCEEDED", apiClient.awaitEnd(first).get("status"));
            accepted.add(first);
            disk.fill(SPACE_FOR_A_FEW_JOBS);
            accepted.addAll(submitUntilFull(apiClient));
            disk.fill(0);
            assertEquals(
                    507, JobClient.submit(apiClient, null, JobClient.body(0)).statusCode());
            assertTrue(disk.free() < SPACE_FOR_A_FEW_JOBS / 8, "the disk is full");
            assertEquals(JobClient.CSV, apiClient.csv(first), "reads still work");
            server.kill9();
        }
        disk.clear();
        try (ServerProcess server = start("0")) {
            assertAllThere(server.apiClient(), accepted, true);
        }
    }

    @Test
    void aServerRecoversAutomaticallyFromACompletelyFullDisk() throws Exception {
        try (ServerProcess server = start("0")) {
            ApiClient apiClient = server.apiClient();
            String first = JobClient.submitAccepted(apiClient, null, 0);
            assertEquals("SUCCEEDED", apiClient.awaitEnd(first).get("status"));
            disk.fill(SPACE_FOR_A_FEW_JOBS);
            List<String> accepted = submitUntilFull(apiClient);
            disk.fill(0);
            assertEquals(
                    507, JobClient.submit(apiClient, null, JobClient.body(0)).statusCode());
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
                    apiClient
                            .awaitEnd(JobClient.submitAccepted(apiClient, null, 0))
                            .get("status"));
        }
    }

    @Test
    void aFirstStartOnAFullDiskFailsWithOneLineAndWorksOnceThereIsSpace() throws Exception {
        Path data = Files.createDirectory(disk.folder().resolve("data"));
        disk.fill(0);
        try (ServerProcess server = ServerProcess.on(data).launch()) {
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
                            .awaitEnd(JobClient.submitAccepted(server.apiClient(), null, 0))
                            .get("status"));
        }
    }

    @Test
    void aLackOfInodesCountsAsAFullDiskAndDoesNotBreakTheIndex() throws Exception {
        disk.close();
        disk = SmallFileSystem.mount(base.resolve("disk"), "64m,nr_inodes=500").orElseThrow();
        String job;
        try (ServerProcess server = start("0")) {
            ApiClient apiClient = server.apiClient();
            job = JobClient.submitAccepted(apiClient, null, 0);
            assertEquals("SUCCEEDED", apiClient.awaitEnd(job).get("status"));
            disk.fillInodes();
            assertEquals(
                    507, JobClient.submit(apiClient, null, JobClient.body(0)).statusCode());
            HttpRequest upload = apiClient
                    .request("/api/v1/datasets/uploads/a")
                    .PUT(BodyPublishers.ofString("a"))
                    .build();
            assertEquals(507, apiClient.send(upload).statusCode());
            HttpResponse<byte[]> ready =
                    apiClient.send(apiClient.request("/readyz").build());
            assertEquals(503, ready.statusCode());
            String reason = new String(ready.body(), StandardCharsets.UTF_8);
            assertTrue(reason.contains("no inodes are left"), reason);
            assertEquals(JobClient.CSV, apiClient.csv(job), "reads still work");
            server.kill9();
        }
        try (ServerProcess server = ServerProcess.on(disk.folder().resolve("data"))
                .with("--min-free", "0")
                .launch()) {
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
