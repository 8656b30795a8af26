package tinderbox.http.server;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** Checks Origin headers: our own page and the configured origins may change something. */
final class OriginRule {
    private static final Set<String> FOREIGN_SITES = Set.of("cross-site", "same-site");

    private final Set<String> allowedOrigins;

    /** Allows these origins besides our own. */
    OriginRule(Collection<String> named) {
        this.allowedOrigins = Set.copyOf(named);
    }

    /** True if responses depend on the origin. */
    boolean allowsOthers() {
        return !allowedOrigins.isEmpty();
    }

    /** True if a page of this origin may read our responses. */
    boolean mayRead(String origin) {
        return origin != null && allowedOrigins.contains(origin);
    }

    /**
     * Checks a request that changes something or opens an event stream. Only browsers send these headers. Another port is
     * another origin, because it may belong to another program.
     *
     * @param origins every Origin header
     * @param scheme the scheme of the request; {@code http} also if a proxy terminates TLS
     * @param host the Host header of the request
     * @param fetchSite the Sec-Fetch-Site header, or null
     * @throws JobException {@link ErrorCode#FORBIDDEN_ORIGIN} if a foreign page sent it
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

    /** True if an origin is that of a host; the host may include the default port. */
    private static boolean isSame(String origin, String scheme, String port, String host) {
        String named = host.endsWith(port) ? host.substring(0, host.length() - port.length()) : host;
        return origin.equals(scheme + "://" + named);
    }
}
