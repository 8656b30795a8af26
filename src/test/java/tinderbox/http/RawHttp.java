package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;
import tinderbox.support.Contract;

/**
 * A request over a plain socket: the test controls every byte, and sees every byte of the response. It fails if a response
 * is not as {@link tinderbox.support.OpenApi} describes it.
 */
public final class RawHttp {
    private static final int TIMEOUT_MILLIS = 90_000;

    private final String requestLine;
    private final List<String> headers = new ArrayList<>();
    private byte[] body = {};
    private boolean bare;
    private String from;

    private RawHttp(String requestLine) {
        this.requestLine = requestLine;
    }

    public static RawHttp get(String target) {
        return request("GET", target);
    }

    static RawHttp post(String target) {
        return request("POST", target);
    }

    public static RawHttp request(String method, String target) {
        return new RawHttp(method + " " + target + " HTTP/1.1");
    }

    /** A request with exactly this first line. */
    static RawHttp line(String requestLine) {
        return new RawHttp(requestLine);
    }

    public RawHttp header(String name, String value) {
        headers.add(name + ": " + value);
        return this;
    }

    /** Sends no default Host and Connection headers. */
    RawHttp bare() {
        bare = true;
        return this;
    }

    /** Adds a JSON body and its headers. */
    RawHttp json(String json) {
        return header("Content-Type", "application/json").body(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a body with its length. */
    RawHttp body(byte[] bytes) {
        body = bytes;
        return header("Content-Length", Integer.toString(bytes.length));
    }

    /** Adds a body without a length. */
    RawHttp chunked(byte[] bytes) {
        var chunks = new ByteArrayOutputStream();
        for (int from = 0; from < bytes.length; from += 50_000) {
            int length = Math.min(50_000, bytes.length - from);
            chunks.writeBytes(ascii(Integer.toHexString(length) + "\r\n"));
            chunks.write(bytes, from, length);
            chunks.writeBytes(ascii("\r\n"));
        }
        chunks.writeBytes(ascii("0\r\n\r\n"));
        body = chunks.toByteArray();
        return header("Transfer-Encoding", "chunked");
    }

    /** Connects from this address of the machine. */
    RawHttp from(String address) {
        from = address;
        return this;
    }

    /** Sends the request and reads the whole response. */
    public Reply send(int port) {
        try (Socket socket = open(port)) {
            Reply reply = read(socket);
            String[] words = requestLine.split(" ", -1);
            if (words.length == 3 && words[1].startsWith("/")) {
                Contract.check(words[0], words[1].split("[?#]", 2)[0], reply.status, reply.headers, reply.bytes);
            }
            return reply;
        } catch (IOException e) {
            throw new UncheckedIOException(requestLine, e);
        }
    }

    /** Sends the request; the calling test reads the response. */
    Socket open(int port) throws IOException {
        var socket = new Socket();
        if (from != null) {
            socket.bind(new InetSocketAddress(from, 0));
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(TIMEOUT_MILLIS);
        if (!bare) {
            if (headers.stream().noneMatch(header -> header.startsWith("Host:"))) {
                header("Host", "localhost:" + port);
            }
            header("Connection", "close");
        }
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ascii(requestLine + "\r\n"));
        headers.forEach(header -> bytes.writeBytes((header + "\r\n").getBytes(StandardCharsets.UTF_8)));
        bytes.writeBytes(ascii("\r\n"));
        bytes.writeBytes(body);
        socket.getOutputStream().write(bytes.toByteArray());
        return socket;
    }

    /** Reads a response to the end of the connection. */
    static Reply read(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        String[] status = line(in).split(" ", 3);
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        byte[] rest = in.readAllBytes();
        return new Reply(
                Integer.parseInt(status[1]),
                headers,
                headers.containsKey("transfer-encoding") && rest.length > 0 ? dechunked(rest) : rest);
    }

    private static byte[] dechunked(byte[] chunks) {
        var whole = new ByteArrayOutputStream();
        int at = 0;
        while (true) {
            int end = at;
            while (chunks[end] != '\r') {
                end++;
            }
            int length = Integer.parseInt(new String(chunks, at, end - at, StandardCharsets.US_ASCII), 16);
            if (length == 0) {
                return whole.toByteArray();
            }
            whole.write(chunks, end + 2, length);
            at = end + 2 + length + 2;
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the answer ends in its head: " + line);
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A response; the names of headers are in lower case. */
    public static final class Reply {
        private final int status;
        private final Map<String, List<String>> headers;
        private final byte[] bytes;

        private Reply(int status, Map<String, List<String>> headers, byte[] bytes) {
            this.status = status;
            this.headers = headers;
            this.bytes = bytes;
        }

        public int status() {
            return status;
        }

        Map<String, List<String>> headers() {
            return headers;
        }

        /** A header that is there at most once, or null. */
        public String header(String name) {
            List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
            if (values.size() > 1) {
                throw new AssertionError(name + " is there " + values.size() + " times: " + values);
            }
            return values.isEmpty() ? null : values.get(0);
        }

        public byte[] bytes() {
            return bytes;
        }

        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        public Map<String, Object> json() {
            try {
                return Json.readObject(bytes);
            } catch (MalformedJsonException e) {
                throw new AssertionError(status + " " + text(), e);
            }
        }

        /** Checks that this is a problem document with all that belongs to one. */
        public void assertProblem(int expectedStatus, String code) {
            assertEquals(expectedStatus, status, this::text);
            assertEquals("application/problem+json", header("Content-Type"));
            Map<String, Object> problem = json();
            assertEquals(
                    List.of("type", "title", "status", "detail", "code", "request_id", "errors"),
                    List.copyOf(problem.keySet()));
            assertEquals("/errors.html#" + code, problem.get("type"));
            assertEquals((long) status, problem.get("status"));
            assertEquals(code, problem.get("code"));
            assertEquals(header("X-Request-Id"), problem.get("request_id"));
            assertFalse(problem.get("detail").toString().isBlank());
            assertEquals("no-store", header("Cache-Control"));
        }

        /** What is wrong, field by field, of a problem document. */
        @SuppressWarnings("unchecked")
        List<String> fields() {
            List<Map<String, Object>> errors = (List<Map<String, Object>>) json().get("errors");
            return errors.stream().map(error -> (String) error.get("field")).toList();
        }
    }
}
