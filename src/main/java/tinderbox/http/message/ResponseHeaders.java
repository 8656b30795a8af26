package tinderbox.http.message;

import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;

/** The default headers of every response, which a response may replace. */
public final class ResponseHeaders {
    public static final HttpString CONTENT_POLICY = new HttpString("Content-Security-Policy");

    private static final HttpString REQUEST_ID = new HttpString("X-Request-Id");
    private static final HttpString CONTENT_TYPE_OPTIONS = new HttpString("X-Content-Type-Options");
    private static final HttpString RESOURCE_POLICY = new HttpString("Cross-Origin-Resource-Policy");

    private ResponseHeaders() {}

    /** Sets the headers. The policy is for responses that a browser opens directly; the files of the page have another. */
    public static void putDefaults(HeaderMap headers, String requestId) {
        headers.put(REQUEST_ID, requestId);
        headers.put(CONTENT_TYPE_OPTIONS, "nosniff");
        headers.put(Headers.REFERRER_POLICY, "no-referrer");
        headers.put(Headers.CACHE_CONTROL, "no-store");
        headers.put(RESOURCE_POLICY, "same-origin");
        headers.put(CONTENT_POLICY, "default-src 'none'; frame-ancestors 'none'");
    }
}
