package tinderbox.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import tinderbox.common.LongRead;
import tinderbox.http.RawHttp;
import tinderbox.http.message.ClientConnection;
import tinderbox.http.message.StreamingBody;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.support.TestServer;

class LongReadsTest {
    private final LongReads longReads = new LongReads();
    private final CountDownLatch begun = new CountDownLatch(2);
    private final CountDownLatch go = new CountDownLatch(1);

    private String preview(ClientConnection clientConnection, LongRead.Work<String> work) {
        try {
            return longReads.run("us", clientConnection, LongReads.Kind.PREVIEW, work);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String held() {
        begun.countDown();
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "seen";
    }

    private static Runnable stays(Runnable onGone) {
        return () -> {};
    }

    @Test
    void twoOfAKindRunAtOnceAndAThirdIsRefused() throws Exception {
        List<CompletableFuture<String>> two = List.of(
                CompletableFuture.supplyAsync(() -> preview(LongReadsTest::stays, this::held), LongReadsTest::inThread),
                CompletableFuture.supplyAsync(
                        () -> preview(LongReadsTest::stays, this::held), LongReadsTest::inThread));
        begun.await();

        JobException refused = assertThrows(JobException.class, () -> preview(LongReadsTest::stays, () -> "a third"));

        assertEquals(ErrorCode.SERVER_BUSY, refused.code());
        assertEquals(Duration.ofSeconds(2), refused.retryAfter());
        assertEquals(
                "another kind", longReads.run("us", LongReadsTest::stays, LongReads.Kind.AUDIT, () -> "another kind"));
        go.countDown();
        for (CompletableFuture<String> one : two) {
            assertEquals("seen", one.get());
        }
        assertEquals("later", preview(LongReadsTest::stays, () -> "later"));
    }

    @Test
    void eachCallerHasOnePassOverAResultAtATime() throws Exception {
        CompletableFuture<String> first = CompletableFuture.supplyAsync(
                () -> pass("Ada", LongReads.Kind.RESULT_SORT, this::held), LongReadsTest::inThread);
        assertEquals("Bob's", pass("Bob", LongReads.Kind.RESULT_SORT, () -> {
            begun.countDown();
            return "Bob's";
        }));
        begun.await();

        JobException refused = assertThrows(
                JobException.class, () -> pass("Ada", LongReads.Kind.RESULT_DOWNLOAD, () -> "beside the first"));
        assertEquals(ErrorCode.SERVER_BUSY, refused.code());
        go.countDown();
        assertEquals("seen", first.get());
        assertEquals("later", pass("Ada", LongReads.Kind.RESULT_FILTER, () -> "later"));
    }

    private <T> T pass(String caller, LongReads.Kind kind, LongRead.Work<T> work) {
        try {
            return longReads.run(caller, LongReadsTest::stays, kind, work);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void inThread(Runnable task) {
        new Thread(task, "a preview").start();
    }

    @Test
    void aReadEndsAndReleasesItsSlotWhenItsClientDisconnects() throws IOException {
        ClientConnection leaves = onGone -> {
            onGone.run();
            return () -> {};
        };
        for (int i = 0; i < 3; i++) {
            assertThrows(
                    StreamingBody.DisconnectedException.class,
                    () -> longReads.run(
                            "us",
                            leaves,
                            LongReads.Kind.PREVIEW,
                            () -> LongRead.current().isOver()));
        }
    }

    @Test
    void aPreviewReadsOnlyTheStartOfACompressedFileAndSaysSo() throws IOException {
        var member = new ByteArrayOutputStream();
        new GZIPOutputStream(member).close();
        var many = new ByteArrayOutputStream();
        while (many.size() < 5 << 20) {
            many.writeBytes(member.toByteArray());
        }
        var end = new ByteArrayOutputStream();
        try (GZIPOutputStream text = new GZIPOutputStream(end)) {
            text.write("too far\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        many.writeBytes(end.toByteArray());
        Files.write(TestServer.shared().root().resolve("hollow.gz"), many.toByteArray());

        RawHttp.Reply preview = RawHttp.get("/api/v1/datasets/preview?path=test/hollow.gz")
                .send(TestServer.shared().port());

        assertEquals(200, preview.status(), preview::text);
        assertEquals(List.of(), preview.json().get("lines"));
        assertEquals(true, preview.json().get("more"));
        assertEquals(true, preview.json().get("cut_short"));
    }

    @Test
    void aFolderIsListedPageByPageWithItsTrueTotal() throws IOException {
        var folder = Files.createDirectories(TestServer.shared().root().resolve("paged/sub"));
        for (String name : List.of("a", "b", "c", ".hidden", "_marker")) {
            Files.writeString(folder.resolveSibling(name), name);
        }
        Files.deleteIfExists(folder.resolveSibling("link"));
        Files.createSymbolicLink(folder.resolveSibling("link"), java.nio.file.Path.of("/etc/passwd"));

        RawHttp.Reply page = RawHttp.get("/api/v1/datasets?path=test/paged&offset=1&limit=2")
                .send(TestServer.shared().port());

        assertTrue(page.text().contains("\"path\":\"test/paged/a\""), page::text);
        assertTrue(page.text().contains("\"path\":\"test/paged/b\""), page::text);
        assertEquals(2, ((List<?>) page.json().get("entries")).size());
        assertEquals(4L, page.json().get("total"));
        assertEquals(2L, page.json().get("limit"));
        assertEquals(1L, page.json().get("offset"));
        RawHttp.get("/api/v1/datasets?path=test/paged&limit=10001")
                .send(TestServer.shared().port())
                .assertProblem(400, "bad_query");
    }
}
