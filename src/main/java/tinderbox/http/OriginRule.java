package tinderbox.http;

import java.util.List;
import java.util.Locale;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** Which pages may change something here: our own, and those of the one origin that the operator named. */
final class OriginRule {
    private final String corsOrigin;

    /** Lets in {@code corsOrigin} beside ourselves; null for nobody. */
    OriginRule(String corsOrigin) {
        this.corsOrigin = corsOrigin;
    }

    /** Whether answers differ by origin at all. */
    boolean isOpen() {
        return corsOrigin != null;
    }

    /** Whether a page of this origin may read our answers. */
    boolean mayRead(String origin) {
        return corsOrigin != null && corsOrigin.equals(origin);
    }

    /**
     * Looks at a request that changes something. Clients that are no browser send none of these headers.
     *
     * @param origins every Origin header
     * @param self the request's own origin, from its scheme and its Host header
     * @param fetchSite the Sec-Fetch-Site header, or null
     * @throws JobException {@link ErrorCode#FORBIDDEN_ORIGIN} where a foreign page sent it
     */
    void checkChange(List<String> origins, String self, String fetchSite) {
        boolean foreign = origins.isEmpty()
                ? "cross-site".equals(fetchSite)
                : origins.size() > 1 || !mayChange(origins.get(0), self);
        if (foreign) {
            throw new JobException(
                    ErrorCode.FORBIDDEN_ORIGIN,
                    "A page from another site may not do this",
                    "start the server with --cors-origin and the origin of that page to let it");
        }
    }

    private boolean mayChange(String origin, String self) {
        return mayRead(origin) || origin.toLowerCase(Locale.ROOT).equals(self.toLowerCase(Locale.ROOT));
    }
}
