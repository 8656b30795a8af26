package tinderbox.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** Datasets are uploaded and deleted over HTTP, completely or not at all. */
class UploadTest {
    private static final String FOLDER = "/api/v1/datasets/uploads/";

    private final TestServer server = TestServer.shared();
    private final int port = server.port();
    private final ApiClient apiClient = new ApiClient(server);
    private final String name = UUID.randomUUID() + ".txt";

    private static byte[] words(int count) {
        return "to be or not to be\n".repeat(count / 6).getBytes(StandardCharsets.UTF_8);
    }

    private RawHttp put(String query) {
        return RawHttp.request("PUT", FOLDER + name + query);
    }

    private Path file() {
        return server.dataDir().resolve("datasets").resolve(name);
    }

    private void assertNothingIsLeft() {
        await().until(() -> {
            try (Stream<Path> incoming = Files.list(server.dataDir().resolve("incoming"))) {
                return incoming.findAny().isEmpty();
            }
        });
        assertFalse(Files.exists(file()));
    }

    private String submit(String input) {
        return apiClient.submit("word-count", Map.of("input", input, "delay_seconds", 60));
    }

    @Test
    void aMultipartFormIsRefusedAndAUrlencodedTypeIsIgnored() throws IOException {
        byte[] content = words(1000);
        for (String type : List.of("multipart/form-data; boundary=x", "Multipart/Mixed", "multipart/form-data")) {
            RawHttp.Reply reply =
                    put("").header("Content-Type", type).body(content).send(port);

            reply.assertProblem(415, "unsupported_media_type");
            assertTrue(reply.json().get("detail").toString().contains("curl -T"), reply::text);
            assertTrue(reply.json().get("detail").toString().contains("--data-binary"), reply::text);
            RawHttp.post(FOLDER + name)
                    .header("Content-Type", type)
                    .body(content)
                    .send(port)
                    .assertProblem(415, "unsupported_media_type");
        }
        assertNothingIsLeft();

        RawHttp.Reply reply = put("").header("Content-Type", "application/x-www-form-urlencoded")
                .body(content)
                .send(port);

        assertEquals(201, reply.status(), reply::text);
        assertArrayEquals(content, Files.readAllBytes(file()));
    }

    @Test
    @SuppressWarnings("unchecked")
    void aFileArrivesByteForByteAndCanBeCounted() throws IOException {
        byte[] content = words(600_000);

        RawHttp.Reply reply = put("").body(content).send(port);

        assertEquals(201, reply.status(), reply::text);
        assertEquals(FOLDER + name, reply.header("Location"));
        assertArrayEquals(content, Files.readAllBytes(file()));
        Map<String, Object> entry = reply.json();
        assertEquals(List.of("name", "path", "kind", "bytes", "modified_at", "writable"), List.copyOf(entry.keySet()));
        assertEquals("uploads/" + name, entry.get("path"));
        assertEquals((long) content.length, entry.get("bytes"));
        List<Object> listed =
                (List<Object>) apiClient.get("/api/v1/datasets?path=uploads/").get("entries");
        assertTrue(listed.contains(entry), () -> entry + " is not in " + listed);
        Map<String, Object> job = apiClient.run("word-count", Map.of("input", "uploads/" + name));
        assertEquals(600_000L, ((Map<String, Object>) job.get("summary")).get("words"));
    }

    @Test
    void aChunkedFileArrivesByteForByte() throws IOException {
        byte[] content = words(300_000);

        assertEquals(201, put("").chunked(content).send(port).status());

        assertArrayEquals(content, Files.readAllBytes(file()));
    }

    @Test
    void anEmptyFileIsAFile() throws IOException {
        assertEquals(201, put("").body(new byte[0]).send(port).status());

        assertEquals(0, Files.size(file()));
    }

    @Test
    void aDatasetIsReplacedOnlyOnRequest() throws IOException {
        assertEquals(201, put("").body(words(6)).send(port).status());

        put("").body(words(12)).send(port).assertProblem(409, "dataset_exists");
        assertArrayEquals(words(6), Files.readAllBytes(file()));

        assertEquals(200, put("?replace=true").body(words(12)).send(port).status());
        assertArrayEquals(words(12), Files.readAllBytes(file()));
        put("?replace=perhaps").body(words(18)).send(port).assertProblem(400, "bad_query");
        put("?overwrite=true").body(words(18)).send(port).assertProblem(400, "bad_query");
    }

    @Test
    void ofTwoUploadsAtTheSameTimeOneWins() throws IOException {
        try (Socket one = put("").header("Content-Length", "12").open(port);
                Socket other = put("").header("Content-Length", "12").open(port)) {
            one.getOutputStream().write("one one".getBytes(StandardCharsets.US_ASCII));
            other.getOutputStream().write("other o".getBytes(StandardCharsets.US_ASCII));
            await().until(() -> {
                try (Stream<Path> incoming = Files.list(server.dataDir().resolve("incoming"))) {
                    return incoming.count() == 2;
                }
            });
            one.getOutputStream().write("next.".getBytes(StandardCharsets.US_ASCII));
            other.getOutputStream().write("next.".getBytes(StandardCharsets.US_ASCII));

            RawHttp.Reply first = RawHttp.read(one);
            RawHttp.Reply second = RawHttp.read(other);

            assertEquals(Set.of(201, 409), Set.of(first.status(), second.status()));
            assertEquals(first.status() == 201 ? "one onenext." : "other onext.", Files.readString(file()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000000", "Transfer-Encoding: chunked"})
    void anInterruptedUploadLeavesNothing(String header) throws IOException {
        String[] parts = header.split(": ", 2);
        try (Socket socket = put("").header(parts[0], parts[1]).open(port)) {
            socket.getOutputStream().write("10\r\n0123456789abcdef\r\n".getBytes(StandardCharsets.US_ASCII));
            await().until(() -> {
                try (Stream<Path> incoming = Files.list(server.dataDir().resolve("incoming"))) {
                    return incoming.count() == 1;
                }
            });
            socket.shutdownOutput();

            assertEquals(-1, socket.getInputStream().read());
        }
        assertNothingIsLeft();
    }

    @Test
    void bytesAfterTheAnnouncedLengthAreNotInTheFile() throws IOException {
        try (Socket socket = put("").header("Content-Length", "5").open(port)) {
            socket.getOutputStream().write("helloworld".getBytes(StandardCharsets.US_ASCII));

            assertEquals(201, RawHttp.read(socket).status());
        }
        assertEquals("hello", Files.readString(file()));
    }

    @ParameterizedTest
    @CsvSource({
        "5;hello;ZZ;;",
        "5;hello;;;",
        "5;hello;-1;;",
        "5;hello;0x0;;",
        "5;helloXXX;0;;",
        "5;hello 0;;",
        "fffffffffffffffff;hello;0;;",
        "g;hello;0;;",
    })
    void brokenChunksLeaveNothingAndAreReported(String lines) throws IOException {
        try (Socket socket = put("").header("Transfer-Encoding", "chunked").open(port)) {
            socket.getOutputStream().write(lines.replace(";", "\r\n").getBytes(StandardCharsets.US_ASCII));

            RawHttp.read(socket).assertProblem(400, "malformed_request");
        }
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 411, length_required",
        "'Transfer-Encoding: gzip, chunked', 501, not_implemented",
        "'Transfer-Encoding: identity', 501, not_implemented",
        "'Content-Length: 5|Content-Encoding: gzip', 415, unsupported_media_type",
        "'Content-Length: 5|Content-Range: bytes 5-9/10', 400, malformed_request"
    })
    void aBodyWithoutADefiniteEndIsRefused(String headers, int status, String code) throws IOException {
        RawHttp request = put("");
        for (String header : headers.split("\\|", -1)) {
            if (!header.isEmpty()) {
                request.header(header.split(": ", 2)[0], header.split(": ", 2)[1]);
            }
        }
        try (Socket socket = request.open(port)) {
            // More than was announced would be there unread when the connection closes, and have the response thrown
            // away.
            String body = headers.contains("Content-Length") ? "hello" : "5\r\nhello\r\n0\r\n\r\n";
            socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();

            RawHttp.read(socket).assertProblem(status, code);
        }
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @CsvSource({"'', 10000000000, 413, too_large", "?replace=perhaps, 5, 400, bad_query"})
    void aClientThatExpectsContinueIsRefusedBeforeItSends(String query, String length, int status, String code)
            throws IOException {
        try (Socket socket = put(query)
                .header("Content-Length", length)
                .header("Expect", "100-continue")
                .open(port)) {
            RawHttp.read(socket).assertProblem(status, code);
        }
        assertNothingIsLeft();
    }

    @Test
    void aClientThatExpectsContinueGetsIt() throws IOException {
        String proceed = "HTTP/1.1 100 Continue\r\n\r\n";
        try (Socket socket = put("").header("Content-Length", "5")
                .header("Expect", "100-continue")
                .open(port)) {
            byte[] received = socket.getInputStream().readNBytes(proceed.length());
            assertEquals(proceed, new String(received, StandardCharsets.US_ASCII));
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));

            assertEquals(201, RawHttp.read(socket).status());
        }
    }

    @Test
    void aClientThatIsRefusedWhileItSendsReadsTheResponse() {
        put("").body(new byte[70 << 20]).send(port).assertProblem(413, "too_large");
        assertEquals(201, put("").body(words(6)).send(port).status());
        put("").body(new byte[20 << 20]).send(port).assertProblem(409, "dataset_exists");
        assertEquals(
                201,
                RawHttp.request("PUT", FOLDER + "x" + name)
                        .chunked(words(6))
                        .send(port)
                        .status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".hidden",
                "_SUCCESS",
                "..",
                ".",
                "..%2Fx",
                "a%2F..%2F..%2Fx",
                "a/../../x",
                "a/%2E%2E/x",
                "a/.hidden/x",
                "a/_b",
                "a//b",
                "a/",
                "a%2F",
                "1/2/3/4/5/6/7/8/9",
                "a%5Cb",
                "a:b",
                "a,b",
                "a*",
                "a%3F",
                "%5Ba%5D",
                "%7Ba%7D",
                "a%00b",
                "a%0Ab",
                "a%C2%85b",
                "a%E2%80%AEb",
                "a%E2%80%A8b"
            })
    void anImpossibleNameIsRefused(String bad) {
        RawHttp.Reply reply =
                RawHttp.request("PUT", FOLDER + bad).body(words(6)).send(port);

        reply.assertProblem(422, "invalid_name");
        assertEquals(List.of("name"), reply.fields());
        RawHttp.request("DELETE", FOLDER + bad).send(port).assertProblem(404, "dataset_not_found");
    }

    @Test
    void aNameHasUpToTwoHundredBytes() {
        String longest = name + "é".repeat((200 - name.length()) / 2);
        String encoded = longest.replace("é", "%C3%A9");

        RawHttp.Reply reply =
                RawHttp.request("PUT", FOLDER + encoded).body(words(6)).send(port);
        assertEquals(201, reply.status(), reply::text);
        assertEquals(longest, reply.json().get("name"));
        assertEquals(FOLDER + encoded, reply.header("Location"));
        RawHttp.request("PUT", FOLDER + encoded + "x").body(words(6)).send(port).assertProblem(422, "invalid_name");
        assertEquals(204, RawHttp.request("DELETE", FOLDER + encoded).send(port).status());
    }

    @Test
    void aDeletedDatasetIsGone() {
        assertEquals(201, put("").body(words(6)).send(port).status());
        assertEquals(
                200,
                RawHttp.get("/api/v1/datasets/preview?path=uploads/" + name)
                        .send(port)
                        .status());

        assertEquals(204, RawHttp.request("DELETE", FOLDER + name).send(port).status());

        RawHttp.request("DELETE", FOLDER + name).send(port).assertProblem(404, "dataset_not_found");
        RawHttp.get("/api/v1/datasets/preview?path=uploads/" + name).send(port).assertProblem(404, "dataset_not_found");
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"uploads/{name}", "uploads", "uploads/"})
    void theInputOfAJobStaysUntilTheJobHasEnded(String input) throws IOException {
        assertEquals(201, put("").body(words(6)).send(port).status());
        String job = submit(input.replace("{name}", name));

        RawHttp.request("DELETE", FOLDER + name).send(port).assertProblem(409, "dataset_in_use");
        put("?replace=true").body(words(12)).send(port).assertProblem(409, "dataset_in_use");
        assertArrayEquals(words(6), Files.readAllBytes(file()));

        apiClient.post("/api/v1/jobs/" + job + "/cancel");
        apiClient.awaitEnd(job);
        assertEquals(200, put("?replace=true").body(words(12)).send(port).status());
        assertEquals(204, RawHttp.request("DELETE", FOLDER + name).send(port).status());
    }

    private RawHttp.Reply rename(String path, String to) {
        return RawHttp.post("/api/v1/datasets/rename")
                .json(new String(
                        Json.write(Map.of("path", "uploads/" + path, "to", "uploads/" + to)), StandardCharsets.UTF_8))
                .send(port);
    }

    private RawHttp.Reply delete(String path) {
        return RawHttp.request("DELETE", FOLDER + path).send(port);
    }

    private int put(String path, String content) {
        return RawHttp.request("PUT", FOLDER + path)
                .body(content.getBytes(StandardCharsets.UTF_8))
                .send(port)
                .status();
    }

    private List<String> owners() throws IOException {
        try (Stream<Path> files = Files.list(server.dataDir().resolve("owners"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith(name))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aFolderComesWithItsFirstFileAndGoesWithItsLast() throws IOException {
        Path folder = file();
        RawHttp.Reply first = RawHttp.request("PUT", FOLDER + name + "/d%C3%A9j%C3%A0/a.txt")
                .body(words(6))
                .send(port);
        assertEquals(201, first.status(), first::text);
        assertEquals(FOLDER + name + "/d%C3%A9j%C3%A0/a.txt", first.header("Location"));
        assertEquals("uploads/" + name + "/déjà/a.txt", first.json().get("path"));
        assertEquals("a.txt", first.json().get("name"));
        // As clients write it that were generated from the description.
        assertEquals(201, put(name + "%2Fd%C3%A9j%C3%A0%2Fb.txt", "b"));
        assertArrayEquals(words(6), Files.readAllBytes(folder.resolve("déjà/a.txt")));
        assertEquals(List.of(name + ",déjà,a.txt", name + ",déjà,b.txt"), owners());

        RawHttp.request("PUT", FOLDER + name + "/d%C3%A9j%C3%A0/a.txt/x")
                .body(words(6))
                .send(port)
                .assertProblem(409, "dataset_exists");
        RawHttp.request("PUT", FOLDER + name + "?replace=true")
                .body(words(6))
                .send(port)
                .assertProblem(409, "dataset_exists");
        delete(name + "/d%C3%A9j%C3%A0").assertProblem(404, "dataset_not_found");
        assertEquals(204, delete(name + "/d%C3%A9j%C3%A0/a.txt").status());
        assertTrue(Files.exists(folder.resolve("déjà/b.txt")));
        assertEquals(204, delete(name + "/d%C3%A9j%C3%A0/b.txt").status());

        assertFalse(Files.exists(folder));
        assertEquals(List.of(), owners());
        assertEquals(201, put(name, "a file can have its name now"));
    }

    @Test
    void aFolderIsRenamedAndDeletedWithItsFiles() throws IOException {
        assertEquals(201, put(name + "/a.txt", "a"));
        assertEquals(201, put(name + "/in/b.txt", "b"));
        assertEquals(201, put(name + "-x.txt", "x"));

        RawHttp.Reply renamed = rename(name, name + "-new/er");
        assertEquals(200, renamed.status(), renamed::text);
        assertEquals(
                List.of("er", "uploads/" + name + "-new/er", "folder", true),
                Stream.of("name", "path", "kind", "writable")
                        .map(renamed.json()::get)
                        .toList());
        assertFalse(Files.exists(file()));
        assertEquals(List.of(name + "-new,er,a.txt", name + "-new,er,in,b.txt", name + "-x.txt"), owners());

        rename(name + "-new", name + "-new/er").assertProblem(422, "invalid_name");
        rename(name + "-new", name + "-x.txt").assertProblem(409, "dataset_exists");
        rename(name + "-new", name + "-x.txt/in").assertProblem(409, "dataset_exists");
        rename(name + "-new", "1/2/3/4/5/6").assertProblem(422, "invalid_name");
        rename(name + "-none", name).assertProblem(404, "dataset_not_found");
        RawHttp.Reply outside = rename(name + "-x.txt", "../samples/x.txt");
        outside.assertProblem(422, "invalid_name");
        assertEquals(List.of("to"), outside.fields());
        RawHttp.post("/api/v1/datasets/rename")
                .json("{\"path\":\"samples/moby-dick.txt\",\"to\":\"uploads/x.txt\"}")
                .send(port)
                .assertProblem(404, "dataset_not_found");
        RawHttp.post("/api/v1/datasets/rename")
                .json("{\"path\":\"uploads/" + name + "-x.txt\",\"to\":\"samples/x.txt\"}")
                .send(port)
                .assertProblem(422, "invalid_name");
        RawHttp.post("/api/v1/datasets/rename").json("{\"path\":1}").send(port).assertProblem(400, "wrong_type");

        String job = submit("uploads/" + name + "-new/er");
        rename(name + "-new", name).assertProblem(409, "dataset_in_use");
        delete(name + "-new?recursive=true").assertProblem(409, "dataset_in_use");
        rename(name + "-new/er/a.txt", name).assertProblem(409, "dataset_in_use");
        apiClient.post("/api/v1/jobs/" + job + "/cancel");
        apiClient.awaitEnd(job);
        assertEquals(200, rename(name + "-new/er/a.txt", name).status());
        assertEquals("a", Files.readString(file()));

        assertEquals(204, delete(name + "-new?recursive=true").status());
        assertFalse(Files.exists(server.dataDir().resolve("datasets").resolve(name + "-new")));
        assertEquals(List.of(name, name + "-x.txt"), owners());
    }

    /** A link that an operator has made can be read, but nothing is written through it. */
    @Test
    void nothingIsWrittenThroughALink() throws IOException {
        Path outside = Files.createDirectories(server.dataDir().resolve("outside-" + name));
        Path inside = Files.createDirectories(server.dataDir().resolve("datasets/" + name + "-real"));
        Files.writeString(inside.resolve("a.txt"), "a");
        Path link = Files.createSymbolicLink(file(), outside);
        for (Path target : List.of(outside, inside)) {
            Files.delete(link);
            Files.createSymbolicLink(link, target);
            RawHttp.request("PUT", FOLDER + name + "/x.txt")
                    .body(words(6))
                    .send(port)
                    .assertProblem(409, "dataset_exists");
            rename(name + "-real/a.txt", name + "/b.txt").assertProblem(409, "dataset_exists");
            rename(name + "/a.txt", name + "-b").assertProblem(404, "dataset_not_found");
            delete(name + "/a.txt").assertProblem(404, "dataset_not_found");
        }
        try (Stream<Path> files = Files.list(outside)) {
            assertEquals(0, files.count());
        }
        assertEquals(204, delete(name).status());
        assertEquals("a", Files.readString(inside.resolve("a.txt")));
    }

    /** Of many who rename, upload, delete and read at the same time, each sees whole files, and none is lost. */
    @Test
    void racesLoseNoFile() throws Exception {
        String content = "to be\n".repeat(1000);
        assertEquals(201, put(name + "/a/file", content));
        List<Thread> threads = new ArrayList<>();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 4; i++) {
            int n = i;
            threads.add(new Thread(() -> {
                for (int round = 0; round < 25; round++) {
                    RawHttp.Reply moved = n % 2 == 0
                            ? rename(name + "/a", name + "/b/c")
                            : rename(name + "/b/c/file", name + "/a/file");
                    put(name + "/d/" + n, "d");
                    delete(name + "/d/" + n);
                    RawHttp.Reply read = RawHttp.get("/api/v1/datasets/download?path=uploads/" + name + "/a/file")
                            .send(port);
                    if (!Set.of(200, 404, 409, 422).contains(moved.status())
                            || !Set.of(200, 404).contains(read.status())
                            || (read.status() == 200 && !read.text().equals(content))) {
                        wrong.add(moved.text() + " " + read.status());
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), List.copyOf(wrong));
        try (Stream<Path> left = Files.walk(file())) {
            List<Path> files = left.filter(Files::isRegularFile).toList();
            assertEquals(
                    List.of("file"),
                    files.stream().map(file -> file.getFileName().toString()).toList());
            assertEquals(content, Files.readString(files.get(0)));
        }
        assertEquals(1, owners().size(), () -> owners(name));
    }

    private String owners(String any) {
        try {
            return any + " " + owners();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void aDownloadIsTheFileAsItIsStored() {
        byte[] content = "<script>alert(1)</script>\n".repeat(100).getBytes(StandardCharsets.UTF_8);
        RawHttp.request("PUT", FOLDER + name + "/d%C3%A9j%C3%A0%20vu.html")
                .body(content)
                .send(port);
        String download = "/api/v1/datasets/download?path=uploads/" + name + "/d%C3%A9j%C3%A0%20vu.html";

        RawHttp.Reply whole =
                RawHttp.get(download).header("Accept-Encoding", "gzip").send(port);
        assertEquals(200, whole.status(), whole::text);
        assertArrayEquals(content, whole.bytes());
        assertEquals("application/octet-stream", whole.header("Content-Type"));
        assertEquals("nosniff", whole.header("X-Content-Type-Options"));
        assertEquals(
                "attachment; filename=\"d-j--vu.html\"; filename*=UTF-8''d%C3%A9j%C3%A0%20vu.html",
                whole.header("Content-Disposition"));
        String etag = whole.header("ETag");
        RawHttp.Reply part = RawHttp.get(download)
                .header("Range", "bytes=8-15")
                .header("If-Range", etag)
                .send(port);
        assertEquals(206, part.status());
        assertEquals(new String(content, 8, 8, StandardCharsets.UTF_8), part.text());
        assertEquals(
                304,
                RawHttp.get(download).header("If-None-Match", etag).send(port).status());
        assertEquals(200, RawHttp.request("HEAD", download).send(port).status());

        assertEquals(
                200,
                RawHttp.request("PUT", FOLDER + name + "/d%C3%A9j%C3%A0%20vu.html?replace=true")
                        .body(content)
                        .send(port)
                        .status());
        RawHttp.Reply replaced = RawHttp.get(download)
                .header("Range", "bytes=8-15")
                .header("If-Range", etag)
                .send(port);
        assertEquals(200, replaced.status());
        assertFalse(etag.equals(replaced.header("ETag")));
        RawHttp.get("/api/v1/datasets/download?path=uploads/" + name)
                .send(port)
                .assertProblem(404, "dataset_not_found");
        RawHttp.get("/api/v1/datasets/download?path=samples/../secret")
                .send(port)
                .assertProblem(404, "dataset_not_found");
        RawHttp.get("/api/v1/datasets/download").send(port).assertProblem(400, "bad_query");
        assertEquals(
                200,
                RawHttp.get("/api/v1/datasets/download?path=samples/moby-dick.txt")
                        .send(port)
                        .status());
    }

    @Test
    void onlyUploadsAreMarkedAsWritable() throws IOException {
        Files.createDirectories(server.dataDir().resolve("datasets/made-by-hand"));
        Files.writeString(server.dataDir().resolve("datasets/made-by-hand/inside.txt"), "x");

        assertEquals(Map.of("samples", false, "uploads", true, "test", false), writable("/api/v1/datasets"));
        Files.writeString(server.dataDir().resolve("datasets/made-by-hand/in,side.txt"), "x");
        assertEquals(true, writable("/api/v1/datasets?path=uploads").get("made-by-hand"));
        assertEquals(
                Map.of("inside.txt", true, "in,side.txt", false),
                writable("/api/v1/datasets?path=uploads/made-by-hand"));
        RawHttp.request("DELETE", FOLDER + "made-by-hand").send(port).assertProblem(404, "dataset_not_found");
        RawHttp.request("PUT", FOLDER + "made-by-hand?replace=true")
                .body(words(6))
                .send(port)
                .assertProblem(409, "dataset_exists");
    }

    @SuppressWarnings("unchecked")
    private Map<Object, Object> writable(String path) {
        List<Map<String, Object>> entries =
                (List<Map<String, Object>>) apiClient.get(path).get("entries");
        return entries.stream().collect(Collectors.toMap(entry -> entry.get("name"), entry -> entry.get("writable")));
    }

    @Test
    void theServerShowsItsUploadLimits() {
        Map<?, ?> limits = (Map<?, ?>) apiClient.get("/api/v1/server").get("limits");

        assertEquals(64L << 20, limits.get("max_upload_bytes"));
        RawHttp.Reply get = RawHttp.get(FOLDER + name).send(port);
        get.assertProblem(405, "method_not_allowed");
        assertEquals("PUT, DELETE, OPTIONS", get.header("Allow"));
    }

    @Test
    void aForeignPageCannotUpload() {
        put("").header("Origin", "https://evil.example.org")
                .body(words(6))
                .send(port)
                .assertProblem(403, "forbidden_origin");
        assertNothingIsLeft();
    }
}
