package tinderbox.http;

import java.util.Objects;

/**
 * Where to listen and whom to answer.
 *
 * @param host the address to listen on, a name or an IP address
 * @param port the TCP port; 0 for any that is free
 * @param corsOrigin the one other origin whose pages may read the API, such as {@code http://localhost:3000}, or
 *     null for none
 */
public record HttpSettings(String host, int port, String corsOrigin) {
    public HttpSettings {
        Objects.requireNonNull(host, "host");
    }
}
