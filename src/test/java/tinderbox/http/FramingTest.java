package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.support.TestServer;

/** Request framing: nothing after a request with an ambiguous end is served. */
class FramingTest {
    private static final String SECOND = "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private final int port = TestServer.shared().port();

    /** Everything that is received until the connection ends. */
    private String exchange(String bytes) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void assertOnly(int status, String code, String responses) {
        assertTrue(responses.matches("(?s)HTTP/1\\.[01] " + status + " .*"), responses);
        assertTrue(responses.contains("\"code\":\"" + code + "\""), responses);
        assertTrue(responses.contains("X-Request-Id: "), responses);
        assertTrue(responses.contains("Connection: close"), responses);
        assertTrue(responses.lastIndexOf("\nHTTP/1.") < 0, responses);
        assertFalse(responses.contains("\"status\":\"live\""), responses);
    }

    @ParameterizedTest(name = "Content-Length: {0}")
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "18446744073709551616",
                "18446744073709551618",
                "9223372036854775808",
                "36893488147419103232",
                "1000000000000000000",
                "99999999999999999999999999999999999999",
                "0000000000000000000",
                "-1",
                "+2",
                "2.0",
                "0x2",
                "2 2",
                "2, 2",
                "2,2",
                "two",
                "\u0662",
                "\"2\"",
                ";",
            })
    void aHostileLengthIs400AndCloses(String length) throws IOException {
        for (String method : new String[] {"POST", "GET", "PUT"}) {
            String target = method.equals("PUT") ? "/api/v1/datasets/uploads/framing.txt" : "/api/v1/jobs";
            assertOnly(
                    400,
                    "malformed_request",
                    exchange(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length
                            + "\r\n\r\n" + SECOND));
        }
    }

    @Test
    void anEmptyOrRepeatedLengthIs400AndCloses() throws IOException {
        for (String lengths : new String[] {
            "Content-Length:\r\n",
            "Content-Length: 2\r\nContent-Length: 2\r\n",
            "Content-Length: 0\r\nContent-Length: 2\r\n"
        }) {
            assertOnly(
                    400,
                    "malformed_request",
                    exchange("POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\n" + lengths + "\r\n{}" + SECOND));
        }
    }

    @ParameterizedTest(name = "Transfer-Encoding: {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "xchunked",
                "gzip, chunked",
                "chunked, chunked",
                "chunked, identity",
                "identity",
                "gzip",
                "chunked;a=b",
                "\"chunked\""
            })
    void anotherCodingThanChunkedIs501AndCloses(String coding) throws IOException {
        for (String method : new String[] {"POST", "GET"}) {
            assertOnly(
                    501,
                    "not_implemented",
                    exchange(method + " /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: " + coding
                            + "\r\n\r\n0\r\n\r\n" + SECOND));
        }
    }

    @Test
    void aCodingWithALengthOrOnHttp10Is400AndCloses() throws IOException {
        for (String head : new String[] {
            "POST /api/v1/jobs HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n",
            "POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            "POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"
        }) {
            assertOnly(400, "malformed_request", exchange(head + "\r\n0\r\n\r\n" + SECOND));
        }
    }

    @ParameterizedTest(name = "Expect: {0}")
    @CsvSource(
            delimiter = '|',
            value = {"200-maybe", "100-continue, 200-maybe", "100-continued"})
    void anotherExpectationIs417AndCloses(String expectation) throws IOException {
        assertOnly(
                417,
                "expectation_failed",
                exchange("POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nExpect: " + expectation
                        + "\r\nContent-Length: 2\r\n\r\n{}" + SECOND));
    }

    @Test
    void pipelinedRequestsAreServedInOrder() throws IOException {
        String first = "POST /api/v1/nothing HTTP/1.1\r\nHost: localhost\r\n";
        for (String body : new String[] {
            "Content-Length: 2\r\n\r\n{}",
            "Content-Length: 000000000000000002\r\n\r\n{}",
            "Transfer-Encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            "Content-Length: 0\r\n\r\n",
            "\r\n"
        }) {
            String responses = exchange(first + body + SECOND);

            assertTrue(responses.startsWith("HTTP/1.1 405 ") || responses.startsWith("HTTP/1.1 404 "), responses);
            assertTrue(responses.contains("HTTP/1.1 200 OK"), responses);
        }
    }

    @Test
    void aBadRequestAfterAGoodOneIsRefusedAfterItsResponse() throws IOException {
        String responses =
                exchange("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\nGET /% HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertTrue(responses.startsWith("HTTP/1.1 200 OK"), responses);
        assertTrue(responses.contains("HTTP/1.1 400 Bad Request"), responses);
        assertTrue(responses.indexOf("X-Request-Id: ") < responses.lastIndexOf("X-Request-Id: "), responses);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 x\r\n\r\n", "0\tx\r\n\r\n", "0\r\nX: y\n\r\n", "0\r\nX: y\r\r\n\r\n"})
    void ambiguousChunksAre400AndClose(String chunks) throws IOException {
        assertOnly(
                400,
                "malformed_request",
                exchange(
                        "POST /api/v1/jobs/none/cancel HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + chunks + SECOND));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 ;a=b\r\n\r\n", "0 \r\n\r\n", "0;a=\"b c\"\r\nX: y\r\n\r\n"})
    void extensionsAndTrailersAreSkipped(String chunks) throws IOException {
        String responses = exchange(
                "POST /api/v1/jobs/none/cancel HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunks + SECOND);

        assertTrue(responses.startsWith("HTTP/1.1 404 "), responses);
        assertTrue(responses.contains("HTTP/1.1 200 OK"), responses);
    }
}
