package tinderbox.http.server;

import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;

/**
 * The settings of the HTTP server.
 *
 * @param host the address to listen on, a name or an IP address
 * @param port the TCP port; 0 for any free port
 * @param corsOrigins other origins whose pages may use the API, such as {@code http://localhost:3000}
 * @param allowedHosts host names, besides {@code host}, that requests may be sent to
 * @param tls the certificate of this server, or null for plain HTTP
 * @param cookie the name of the session cookie; another server on this machine needs another name, because browsers share cookies between ports
 * @param maxShare the share of a shared limit, in percent, that one holder may use
 * @param maxConnections the maximum number of connections; more are closed
 */
public record HttpSettings(
        String host,
        int port,
        List<String> corsOrigins,
        List<String> allowedHosts,
        SSLContext tls,
        String cookie,
        int maxShare,
        int maxConnections) {
    private static final int DEFAULT_SHARE = 25;
    private static final int DEFAULT_CONNECTIONS = 1000;

    public HttpSettings {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(cookie, "cookie");
        corsOrigins = List.copyOf(corsOrigins);
        allowedHosts = List.copyOf(allowedHosts);
    }

    /** Plain HTTP on this machine. */
    public static HttpSettings local(int port) {
        return new HttpSettings(
                "127.0.0.1", port, List.of(), List.of(), null, "tinderbox", DEFAULT_SHARE, DEFAULT_CONNECTIONS);
    }
}
