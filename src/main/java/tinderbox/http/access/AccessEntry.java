package tinderbox.http.access;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;

/**
 * A line of the access log. Texts that a client chose are cut to a length.
 *
 * @param time when the request began, in ISO 8601
 * @param requestId as in the response, the server's log and the audit log
 * @param address of the client, which may be a proxy
 * @param user the name of the token; null if the request needs none, or had no valid one
 * @param method null, like {@code path}, if the request could not be parsed
 * @param path without the query, which may contain anything
 * @param status null if the connection closed before the response began
 * @param bytes of the body that were sent
 * @param durationMs until the last byte was sent
 * @param complete whether the whole response was sent
 */
@CompiledJson
record AccessEntry(
        String time,
        @JsonAttribute(name = "request_id") String requestId,
        String address,
        String user,
        String method,
        String path,
        Integer status,
        long bytes,
        @JsonAttribute(name = "duration_ms") long durationMs,
        boolean complete,
        @JsonAttribute(name = "user_agent") String userAgent) {}
