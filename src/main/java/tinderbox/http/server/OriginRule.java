package tinderbox.http.server;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** Which pages may change something here: our own, and those of the origins that the operator named. */
final class OriginRule {
    private static final Set<String> FOREIGN_SITES = Set.of("cross-site", "same-site");

    private final Set<String> allowedOrigins;

    /** Lets in these origins beside our own. */
    OriginRule(Collection<String> named) {
        this.allowedOrigins = Set.copyOf(named);
    }

    /** Whether answers differ by origin at all. */
    boolean allowsOthers() {
        return !allowedOrigins.isEmpty();
    }

    /** Whether a page of this origin may read our answers. */
    boolean mayRead(String origin) {
        return origin != null && allowedOrigins.contains(origin);
    }

    /**
     * Looks at a request that changes something, or follows events. Clients that are no browser send none of these
     * headers. Another port is another origin, and so may be another program's.
     *
     * @param origins every Origin header
     * @param scheme that of the request; {@code http} also where something before this server speaks TLS
     * @param host the request's own Host header
     * @param fetchSite the Sec-Fetch-Site header, or null
     * @throws JobException {@link ErrorCode#FORBIDDEN_ORIGIN} where a foreign page sent it
     */
    void check(List<String> origins, String scheme, String host, String fetchSite) {
        boolean foreign = origins.isEmpty()
                ? FOREIGN_SITES.contains(String.valueOf(fetchSite))
                : origins.size() > 1 || !isAllowed(origins.get(0), scheme, host);
        if (foreign) {
            throw new JobException(
                    ErrorCode.FORBIDDEN_ORIGIN,
                    "A page from another site may not do this",
                    "start the server with --cors-origin and the origin of that page to let it");
        }
    }

    private boolean isAllowed(String origin, String scheme, String host) {
        String own = origin.toLowerCase(Locale.ROOT);
        String authority = host.toLowerCase(Locale.ROOT);
        return mayRead(origin)
                || isSame(own, "https", ":443", authority)
                || (scheme.equals("http") && isSame(own, "http", ":80", authority));
    }

    /** Whether an origin is that of a host which may name the port that goes without saying. */
    private static boolean isSame(String origin, String scheme, String port, String host) {
        String named = host.endsWith(port) ? host.substring(0, host.length() - port.length()) : host;
        return origin.equals(scheme + "://" + named);
    }
}
