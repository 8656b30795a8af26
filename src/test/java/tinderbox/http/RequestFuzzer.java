package tinderbox.http;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests that are nearly right, made from good ones by a seeded chance: paths, queries, headers, cookies, event ids
 * and JSON. Each has to be answered, or its connection closed, within some seconds.
 */
public final class RequestFuzzer {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int THREADS = 4;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) .*");
    private static final String ID = "5f0c1a52-0f5e-4c2b-9b0e-0123456789ab";

    private static final List<String> METHODS = List.of(
            "GET", "GET", "GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "get", "");

    private static final List<String> TARGETS = List.of(
            "/api/v1/jobs",
            "/api/v1/jobs?status=FAILED&limit=5&offset=2&q=x",
            "/api/v1/jobs?label=a:b&since=2026-01-05T10:00:00Z&rerun_of=" + ID + "&before=am9iIDE&limit=1",
            "/api/v1/jobs?sort=-duration_ms&offset=10000&status=failed",
            "/api/v1/jobs/" + ID,
            "/api/v1/jobs/" + ID + "/log?from=-5&limit=10&level=INFO",
            "/api/v1/jobs/" + ID + "/result?offset=1&q=a&format=csv&safe=1&bom=1",
            "/api/v1/jobs/" + ID + "/result?sort=-count,word&filter=count:ge:10&filter=word:null&format=parquet",
            "/api/v1/jobs/" + ID + "/events?until=end",
            "/api/v1/run-sets?q=a&limit=1&before=am9iIDE",
            "/api/v1/run-sets/" + ID + "/jobs?sort=-summary.words",
            "/api/v1/bulk/cancel",
            "/api/v1/bulk/delete",
            "/api/v1/jobs/" + ID + "/cancel",
            "/api/v1/jobs/" + ID + "/rerun",
            "/api/v1/events",
            "/api/v1/datasets?path=samples/",
            "/api/v1/datasets/preview?path=samples%2Fmoby-dick.txt",
            "/api/v1/datasets/uploads/fuzz.txt?replace=true",
            "/api/v1/session",
            "/api/v1/server",
            "/readyz?verbose",
            "/metrics",
            "/js/main.js",
            "/",
            "http://localhost/api/v1/jobs",
            "*");

    private static final List<String> HEADERS = List.of(
            "Origin: http://localhost",
            "Cookie: tinderbox=abc; a=b",
            "Authorization: Bearer abcdefghijklmnopqrstuvwxyz",
            "Last-Event-ID: 0123456789abcdef-12",
            "Idempotency-Key: key-1",
            "If-None-Match: \"abc\", W/\"def\"",
            "Range: bytes=0-99,200-",
            "If-Range: \"abc\"",
            "Accept: application/json;q=0.5, text/csv, */*;q=0.1",
            "Accept-Encoding: gzip;q=0.8, identity;q=0",
            "Content-Type: application/json; charset=utf-8",
            "Content-Encoding: gzip",
            "Expect: 100-continue",
            "Sec-Fetch-Site: same-origin",
            "X-Forwarded-Proto: https",
            "Upgrade: h2c",
            "Transfer-Encoding: chunked",
            "Content-Length: 5");

    private static final List<String> BODIES = List.of(
            "",
            "{}",
            "{\"type\":\"word-count\",\"params\":{\"input\":\"samples/none.txt\",\"min_length\":2,\"case_sensitive\":true}}",
            "{\"type\":\"none\",\"name\":\"\\u0000\\ud83d\\ude00\",\"params\":{\"a\":[1,2.5e3,null,{\"b\":{}}]}}",
            "{\"token\":\"abc\"}",
            "{\"type\":\"none\",\"labels\":{\"a/b\":\"\ud83d\ude00\",\"c\":\"\"}}",
            "{\"job_ids\":[\"" + ID + "\",\"x\"]}",
            "[".repeat(200),
            "{\"a\":".repeat(100) + "1" + "}".repeat(100),
            "{\"type\":\"word-count\",\"type\":\"x\",\"n\":123456789012345678901234567890}");

    private static final List<String> PIECES = List.of(
            "%",
            "%00",
            "%2f",
            "%2e%2e",
            "..",
            "/",
            "//",
            "\\",
            "?",
            "&",
            "=",
            "#",
            ";",
            ":",
            "\"",
            "'",
            "{",
            "}",
            "[",
            "]",
            "\u0000",
            "\t",
            "\r",
            "\n",
            "\r\n",
            " ",
            "\u007f",
            "\u00e9",
            "\u202e",
            "\ufffd",
            "%c0%af",
            "%ff",
            "-1",
            "99999999999999999999",
            "NaN",
            "1e999",
            "true",
            "null",
            "*",
            ",",
            "<script>",
            "${jndi:ldap://x}",
            "\\ud800",
            "a".repeat(5000));

    /** The statuses of 500 and above that are no failure of the server. */
    private static final Set<Integer> ANSWERS_ALL_THE_SAME = Set.of(501, 503, 507);

    private final int port;
    private final Random random;
    private final Map<Integer, Integer> statuses = new TreeMap<>();

    private RequestFuzzer(int port, long seed) {
        this.port = port;
        this.random = new Random(seed);
    }

    /**
     * Sends random requests to a server on this machine.
     *
     * @return the number of responses by status; 0 counts connections that were closed without a response
     * @throws AssertionError if a response is 500 or above, except 501, 503 and 507, or does not arrive in time
     */
    public static Map<Integer, Integer> run(int port, int requests, long seed) throws InterruptedException {
        Map<Integer, Integer> statuses = new TreeMap<>();
        AtomicInteger left = new AtomicInteger(requests);
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            RequestFuzzer requestFuzzer = new RequestFuzzer(port, seed + i);
            threads[i] = new Thread(() -> {
                while (failures.isEmpty() && left.getAndDecrement() > 0) {
                    requestFuzzer.one();
                }
                synchronized (statuses) {
                    requestFuzzer.statuses.forEach((status, count) -> statuses.merge(status, count, Integer::sum));
                }
            });
            threads[i].setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError(
                    "with seed " + seed + ": " + failures.get(0).getMessage(), failures.get(0));
        }
        return statuses;
    }

    private void one() {
        byte[] request = request();
        int status = answer(request);
        if (status >= 500 && !ANSWERS_ALL_THE_SAME.contains(status)) {
            throw new AssertionError(status + " answers " + new String(request, StandardCharsets.ISO_8859_1));
        }
        statuses.merge(status, 1, Integer::sum);
    }

    private byte[] request() {
        byte[] body = mutated(any(BODIES)).getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder();
        head.append(any(METHODS)).append(' ').append(mutated(any(TARGETS))).append(" HTTP/1.1\r\n");
        if (random.nextInt(20) > 0) {
            head.append(random.nextInt(10) > 0 ? "Host: localhost" : mutated("Host: localhost:8080"))
                    .append("\r\n");
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            head.append(mutated(any(HEADERS))).append("\r\n");
        }
        if (body.length > 0 && random.nextInt(10) > 0) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        head.append("Connection: close\r\n\r\n");
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(
                head.toString().getBytes(random.nextBoolean() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    /** The text, unchanged or changed in a few places. */
    private String mutated(String text) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(changed.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> changed.insert(at, any(PIECES));
                case 1 -> changed.delete(at, Math.min(changed.length(), at + 1 + random.nextInt(4)));
                case 2 -> changed.insert(at, (char) random.nextInt(256));
                default ->
                    changed.insert(at, changed.substring(at, Math.min(changed.length(), at + random.nextInt(20))));
            }
        }
        return changed.toString();
    }

    /** The status of the response; 0 if the connection is closed instead. The output is shut down, so the server does not wait for the rest of a body. */
    private int answer(byte[] request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(request);
            socket.shutdownOutput();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Matcher matcher = STATUS.matcher(line);
                if (matcher.matches() && !line.startsWith("HTTP/1.1 100")) {
                    return Integer.parseInt(matcher.group(1));
                }
            }
            return 0;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no answer to " + new String(request, StandardCharsets.ISO_8859_1), e);
        } catch (SocketException e) {
            return 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
