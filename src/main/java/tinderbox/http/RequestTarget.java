package tinderbox.http;

import java.util.Arrays;
import java.util.List;

/** Reads the target of a request line. */
final class RequestTarget {
    private RequestTarget() {}

    /**
     * The decoded path, split at its slashes as they were sent: an encoded slash splits nothing. Of an absolute URL,
     * Undertow has compared the host with the Host header.
     */
    static List<String> segments(String uri) {
        int host = uri.startsWith("/") ? -1 : uri.indexOf("://");
        int path = host < 0 ? 0 : uri.indexOf('/', host + 3);
        if (path < 0) {
            return List.of("");
        }
        String[] raw =
                uri.substring(uri.startsWith("/", path) ? path + 1 : path).split("/", -1);
        return Arrays.stream(raw).map(Percent::decodeSegment).toList();
    }
}
