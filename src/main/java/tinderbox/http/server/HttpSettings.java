package tinderbox.http.server;

import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;

/**
 * Where to listen and whom to answer.
 *
 * @param host the address to listen on, a name or an IP address
 * @param port the TCP port; 0 for any that is free
 * @param corsOrigins the other origins whose pages may call the API, such as {@code http://localhost:3000}
 * @param allowedHosts names beside {@code host} that requests may be sent to
 * @param tls what proves who this server is, or null for plain HTTP
 * @param cookie the name of the cookie that browsers keep their session in; not that of another server on this
 *     machine, for browsers tell no ports apart
 * @param maxShare how many of a hundred slots of a shared limit one caller may hold
 * @param maxConnections how many connections there may be; more are closed
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
