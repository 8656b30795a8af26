package tinderbox.client;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import tinderbox.client.ClientException.Reason;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/** Sends requests to the API of one server, and explains what the server refuses. */
public final class TinderboxClient {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    /** Longer than the server lets a request wait. */
    private static final Duration RESPONSE_LIMIT = Duration.ofSeconds(90);

    /** Until the response to an upload begins. */
    private static final Duration UPLOAD_LIMIT = Duration.ofHours(12);

    /** How often a request is sent that the server is too busy for, or whose connection breaks. */
    private static final int MAX_TRIES = 6;

    private static final int MAX_PAUSE_SECONDS = 10;

    /** Bytes of a JSON response; a page of results, the largest, has less. */
    private static final int MAX_JSON = 256 << 20;

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    /** What a token, or another header, can have. */
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");

    private final URI server;
    private final String token;
    private final HttpClient http;

    private TinderboxClient(URI server, String token, HttpClient http) {
        this.server = server;
        this.token = token;
        this.http = http;
    }

    /**
     * A client of the server with this address; it connects with the first request.
     *
     * @param token the secret that it sends, or null
     * @param authorities a file with the certificates to trust instead of the JDK's, or null
     */
    public static TinderboxClient of(String address, String token, Path authorities) throws ClientException {
        if (token != null && !VISIBLE.matcher(token).matches()) {
            throw new ClientException(
                    Reason.WRONG,
                    "TINDERBOX_TOKEN is not a token: it has a blank, a line end or a character that no token has");
        }
        HttpClient.Builder http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_LIMIT);
        if (authorities != null) {
            http.sslContext(TrustedCertificates.only(authorities));
        }
        return new TinderboxClient(address(address), token, http.build());
    }

    private static URI address(String text) throws ClientException {
        try {
            URI address = URI.create(text.endsWith("/") ? text : text + "/");
            boolean isHttp =
                    "http".equalsIgnoreCase(address.getScheme()) || "https".equalsIgnoreCase(address.getScheme());
            if (isHttp
                    && address.getHost() != null
                    && address.getRawUserInfo() == null
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Reported below.
        }
        throw new ClientException(
                Reason.WRONG,
                "\"" + Terminal.safe(text) + "\" is not the address of a server; give one such as"
                        + " http://127.0.0.1:8080 or https://lab.example.org");
    }

    /** A text as a part of a path, or as a value in a query. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The address of the server, which ends with a slash. */
    public URI server() {
        return server;
    }

    /** The response to a GET. */
    public Reply get(String path) throws ClientException, InterruptedException {
        return json(request(path).GET(), true);
    }

    /** The response to a POST, whose body may be null. */
    public Reply post(String path, Map<String, ?> body) throws ClientException, InterruptedException {
        return json(withBody(path, body), false);
    }

    /** As {@link #post}; if the connection breaks, the request is sent again without doing its work twice. */
    public Reply postOnce(String path, Map<String, ?> body) throws ClientException, InterruptedException {
        return json(
                withBody(path, body).header("Idempotency-Key", UUID.randomUUID().toString()), true);
    }

    private HttpRequest.Builder withBody(String path, Map<String, ?> body) {
        return body == null
                ? request(path).POST(BodyPublishers.noBody())
                : request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(Json.write(body)));
    }

    /** The response to a PATCH of any version; sent twice, it changes nothing more. */
    public Reply patch(String path, Map<String, ?> body) throws ClientException, InterruptedException {
        return json(
                request(path)
                        .header("Content-Type", "application/json")
                        .header("If-Match", "*")
                        .method("PATCH", BodyPublishers.ofByteArray(Json.write(body))),
                true);
    }

    /** The response to a DELETE, which may be sent twice. */
    public Reply delete(String path) throws ClientException, InterruptedException {
        return json(request(path).DELETE(), false);
    }

    /** Uploads a file. */
    public Reply upload(String path, Path file) throws ClientException, InterruptedException {
        try {
            return json(request(path).PUT(BodyPublishers.ofFile(file)).timeout(UPLOAD_LIMIT), false);
        } catch (FileNotFoundException e) {
            throw new ClientException(
                    Reason.WRONG, "there is no file " + file + " that can be read; correct the path", e);
        }
    }

    /**
     * What a GET returns, as it arrives; close it.
     *
     * @param headers pairs of a name and a value
     */
    HttpResponse<InputStream> stream(String path, String... headers) throws ClientException, InterruptedException {
        HttpRequest.Builder request = request(path).GET();
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<InputStream> response = send(request.build(), true);
        if (response.statusCode() >= 300) {
            throw refusal(response.statusCode(), body(response));
        }
        return response;
    }

    /**
     * A response with a body in JSON.
     *
     * @param text the body
     */
    public record Reply(String text) {
        /** The body as an object. */
        public JsonObject object() throws ClientException {
            return parsed(text);
        }

        /** The body, a list of objects. */
        List<JsonObject> objects() throws ClientException {
            return parsed("{\"list\":" + text + "}").requiredObjects("list");
        }

        private static JsonObject parsed(String json) throws ClientException {
            try {
                return new JsonObject(Json.readObject(json.getBytes(StandardCharsets.UTF_8)));
            } catch (MalformedJsonException e) {
                throw ClientException.foreign(e);
            }
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.resolve(path)).timeout(RESPONSE_LIMIT);
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private Reply json(HttpRequest.Builder request, boolean isRepeatable) throws ClientException, InterruptedException {
        HttpResponse<InputStream> response = send(request.build(), isRepeatable);
        byte[] body = body(response);
        if (response.statusCode() >= 300) {
            throw refusal(response.statusCode(), body);
        }
        return new Reply(new String(body, StandardCharsets.UTF_8));
    }

    private byte[] body(HttpResponse<InputStream> response) throws ClientException {
        try (InputStream body = response.body()) {
            byte[] all = body.readNBytes(MAX_JSON + 1);
            if (all.length > MAX_JSON) {
                throw new ClientException(Reason.FAILED, "the response of " + server + " is too large");
            }
            return all;
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** Sends a request, and sends it again while the server says that it is busy, or is not there yet. */
    private HttpResponse<InputStream> send(HttpRequest request, boolean isRepeatable)
            throws ClientException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                HttpResponse<InputStream> response = http.send(
                        request,
                        info -> BodySubscribers.mapping(BodySubscribers.ofInputStream(), TinderboxClient::watched));
                int status = response.statusCode();
                if (tries == MAX_TRIES || (status != 429 && status != 503)) {
                    return response;
                }
                byte[] problem = body(response);
                // A proxy may give a date instead.
                long seconds = response.headers()
                        .firstValue("Retry-After")
                        .filter(text -> SECONDS.matcher(text).matches())
                        .map(Long::parseLong)
                        .orElse(MAX_PAUSE_SECONDS + 1L);
                if (seconds > MAX_PAUSE_SECONDS) {
                    throw refusal(status, problem);
                }
                Thread.sleep(Duration.ofSeconds(Math.max(1, seconds)).toMillis());
            } catch (ConnectException | HttpConnectTimeoutException | SSLException e) {
                throw unreachable(e);
            } catch (IOException e) {
                if (!isRepeatable || tries == MAX_TRIES) {
                    throw unreachable(e);
                }
                Thread.sleep(Duration.ofSeconds(1).toMillis());
            }
        }
    }

    /** The timeout of a request ends with the head of its response. */
    private static InputStream watched(InputStream body) {
        return new WatchedStream(body, RESPONSE_LIMIT);
    }

    private ClientException unreachable(IOException e) {
        if (e instanceof SSLException) {
            return new ClientException(
                    Reason.UNAVAILABLE,
                    "the TLS connection to " + server + " failed (" + e.getMessage()
                            + "); if its certificate is your own, give it with --cacert FILE",
                    e);
        }
        if (e instanceof HttpTimeoutException && !(e instanceof HttpConnectTimeoutException)) {
            return new ClientException(
                    Reason.UNAVAILABLE, "the server at " + server + " does not respond; try again later", e);
        }
        if (e instanceof ConnectException || e instanceof HttpConnectTimeoutException) {
            return new ClientException(
                    Reason.UNAVAILABLE,
                    "no server can be reached at " + server + "; start it, or give its address with --server or"
                            + " TINDERBOX_URL",
                    e);
        }
        return new ClientException(
                Reason.UNAVAILABLE,
                "the connection to " + server + " broke" + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")")
                        + "; try again",
                e);
    }

    private ClientException notTinderbox(int status, Throwable cause) {
        return new ClientException(
                Reason.FAILED,
                server + " responded with status " + status + ", not like a Tinderbox server; check the address",
                cause);
    }

    private ClientException refusal(int status, byte[] body) {
        JsonObject problem;
        try {
            problem = new JsonObject(Json.readObject(body));
        } catch (MalformedJsonException e) {
            return notTinderbox(status, e);
        }
        Reason reason = switch (status) {
            case 401, 403 -> Reason.REFUSED;
            case 404, 409 -> Reason.NOT_FOUND;
            case 429, 503 -> Reason.UNAVAILABLE;
            default -> status < 500 ? Reason.WRONG : Reason.FAILED;
        };
        String detail = problem.shown(problem.has("detail") ? "detail" : "title");
        if (detail.isEmpty()) {
            return notTinderbox(status, null);
        }
        if (status == 401 && token == null) {
            return new ClientException(
                    reason,
                    "the server at " + server + " needs a token; put yours into the environment variable"
                            + " TINDERBOX_TOKEN");
        }
        String advice = status == 401 ? "; TINDERBOX_TOKEN is not a valid token of this server" : "";
        return new ClientException(reason, detail + advice, problem.objects("errors"));
    }
}
