package tinderbox.http.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.http.RawHttp;
import tinderbox.support.TestServer;

/** The files of the page. */
class StaticFilesTest {
    private static final String POLICY = "Content-Security-Policy";

    private final int port = TestServer.shared().port();

    private static Path folder() throws Exception {
        return Path.of(StaticFiles.class.getResource("/static/index.html").toURI())
                .getParent();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "/, text/html; charset=utf-8",
        "/index.html, text/html; charset=utf-8",
        "/?from=mail, text/html; charset=utf-8",
        "/css/app.css, text/css; charset=utf-8",
        "/favicon.svg, image/svg+xml"
    })
    void aFileIsSentOnceAndThenOnlyIfItChanges(String path, String contentType) {
        RawHttp.Reply reply = RawHttp.get(path).send(port);

        assertEquals(200, reply.status());
        assertEquals(contentType, reply.header("Content-Type"));
        assertEquals("nosniff", reply.header("X-Content-Type-Options"));
        assertEquals("no-cache", reply.header("Cache-Control"));
        boolean document = !path.endsWith(".css");
        assertEquals(
                document,
                reply.header(POLICY) != null
                        && reply.header(POLICY).startsWith("default-src 'none'; script-src 'self'"));
        RawHttp.Reply again =
                RawHttp.get(path).header("If-None-Match", reply.header("ETag")).send(port);
        assertEquals(304, again.status());
        assertEquals(reply.header("ETag"), again.header("ETag"));
        assertEquals(reply.header("Vary"), again.header("Vary"));
    }

    /** The reference's own pages, which the page only links to. */
    private static final Pattern OF_REFERENCE =
            Pattern.compile("/(api|errors)\\.html|/css/reference\\.css|/js/reference/|/vendor/.*js-yaml");

    @Test
    void everyFileOfTheFolderIsServedByteForByteAndTheyAreSmall() throws Exception {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder())) {
            files = walk.filter(Files::isRegularFile).toList();
        }

        long sent = 0;
        for (Path file : files) {
            String path = "/" + folder().relativize(file);
            assertArrayEquals(
                    Files.readAllBytes(file), RawHttp.get(path).send(port).bytes(), path);
            if (!OF_REFERENCE.matcher(path).lookingAt()) {
                sent += RawHttp.get(path)
                        .header("Accept-Encoding", "gzip")
                        .send(port)
                        .bytes()
                        .length;
            }
        }

        // FirstVisitIT has the bound of the first view; the others load what they need.
        assertTrue(sent < 250_000, sent + " bytes");
    }

    @Test
    void aCompressedFileIsTheSameAndHasAnotherTag() throws IOException {
        RawHttp.Reply plain = RawHttp.get("/css/app.css").send(port);
        RawHttp.Reply packed = RawHttp.get("/css/app.css")
                .header("Accept-Encoding", "gzip, br")
                .send(port);

        assertNull(plain.header("Content-Encoding"));
        assertEquals("gzip", packed.header("Content-Encoding"));
        assertArrayEquals(plain.bytes(), new GZIPInputStream(new ByteArrayInputStream(packed.bytes())).readAllBytes());
        assertTrue(packed.bytes().length < plain.bytes().length);
        assertNotEquals(plain.header("ETag"), packed.header("ETag"));
        assertEquals("Origin, Accept-Encoding", plain.header("Vary"));
        assertEquals("Origin, Accept-Encoding", packed.header("Vary"));
        assertEquals(
                304,
                RawHttp.get("/css/app.css")
                        .header("Accept-Encoding", "gzip")
                        .header("If-None-Match", packed.header("ETag"))
                        .send(port)
                        .status());
    }

    @Test
    void headHasTheSameHeadersWithoutTheBytes() {
        RawHttp.Reply head =
                RawHttp.request("HEAD", "/").header("Accept-Encoding", "gzip").send(port);
        RawHttp.Reply get = RawHttp.get("/").header("Accept-Encoding", "gzip").send(port);

        assertEquals(200, head.status());
        assertEquals(0, head.bytes().length);
        assertEquals(Integer.toString(get.bytes().length), head.header("Content-Length"));
        assertEquals(get.header("ETag"), head.header("ETag"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/css",
                "/css/",
                "/css/app.css/",
                "/css/none.css",
                "/CSS/app.css",
                "/css%2Fapp.css",
                "/static/index.html",
                "/../log4j2.xml",
                "/%2e%2e/log4j2.xml",
                "/css/../index.html",
                "/css/%2e%2e/index.html",
                "/css/..%2F..%2Flog4j2.xml",
                "/css/..\\index.html",
                "//index.html",
                "/./index.html",
                "/index.html%00.css",
                "/%2Fetc%2Fpasswd",
                "/tinderbox/cli/Main.class",
                "/META-INF/MANIFEST.MF"
            })
    void nothingElseIsServed(String path) {
        RawHttp.get(path).send(port).assertProblem(404, "path_not_found");
    }

    @Test
    void onlyTheImportMapOfThePageMayRunInline() {
        String page = "<script type=\"importmap\">\n{\"imports\": {\"preact\": \"./vendor/preact.js\"}}\n</script>";
        // printf '\n{"imports": {"preact": "./vendor/preact.js"}}\n' | openssl dgst -sha256 -binary | base64
        String hash = "BlDNIiNiWCst78bKmffNFxXlK4KMn6ApHqRlwm2AsT8=";

        assertEquals(
                "default-src 'none'; script-src 'self' 'sha256-" + hash + "'; style-src 'self'; img-src 'self' data:;"
                        + " connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none';"
                        + " frame-ancestors 'none'",
                ContentSecurityPolicy.of("<!doctype html>" + page));
        assertEquals(
                ContentSecurityPolicy.of(page),
                ContentSecurityPolicy.of(page.replace("\n", "\r\n")),
                "as browsers read the lines");
        assertTrue(ContentSecurityPolicy.of("<script>alert(1)</script>").contains("script-src 'self'; "));
        String sent = RawHttp.get("/").send(port).text();
        assertEquals(ContentSecurityPolicy.of(sent), RawHttp.get("/").send(port).header(POLICY));
    }

    @Test
    void aFileOfUnknownTypeFailsTheStart() {
        assertThrows(IllegalStateException.class, () -> StaticFile.of("js/app.ts", new byte[0], ""));
    }

    @Test
    void aPartOfAFileIsSentOnRequest() {
        for (String codings : List.of("identity", "gzip")) {
            RawHttp.Reply whole = RawHttp.get("/js/main.js")
                    .header("Accept-Encoding", codings)
                    .send(port);
            RawHttp.Reply part = RawHttp.get("/js/main.js")
                    .header("Accept-Encoding", codings)
                    .header("Range", "bytes=10-")
                    .header("If-Range", whole.header("ETag"))
                    .send(port);

            assertEquals(206, part.status());
            assertArrayEquals(Arrays.copyOfRange(whole.bytes(), 10, whole.bytes().length), part.bytes());
            assertEquals(whole.header("ETag"), part.header("ETag"));
        }
    }

    @Test
    void everyLinkOfThePageIsServed() {
        String page = RawHttp.get("/").send(port).text();
        Matcher links = Pattern.compile("(?:href|src)=\"([^\"#][^\"]*)\"").matcher(page);

        while (links.find()) {
            String link = links.group(1);
            assertTrue(!link.startsWith("/") && !link.contains(":"), link + " would miss a path prefix");
            assertNotEquals(404, RawHttp.get("/" + link).send(port).status(), link);
        }

        assertTrue(!page.contains("style=") && !page.contains("<style"), "the CSP forbids it");
        String withoutMap = page.replaceFirst("<script type=\"importmap\">", "");
        assertTrue(
                !Pattern.compile("<script(?![^>]*\\ssrc=)").matcher(withoutMap).find(), "the CSP forbids it");
    }
}
