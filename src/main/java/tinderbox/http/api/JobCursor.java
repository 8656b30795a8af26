package tinderbox.http.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tinderbox.http.message.QueryParameters;

/** A place in the list of jobs, for clients to pass on: Base64 of a sequence number, so that nobody computes with it. */
final class JobCursor {
    private static final Pattern DECODED = Pattern.compile("job ([0-9]{1,18})");

    private JobCursor() {}

    /** The place behind the job with this sequence number. */
    static String of(long seq) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("job " + seq).getBytes(StandardCharsets.US_ASCII));
    }

    /** The sequence number of a parameter that is a cursor, or null if it is absent. */
    static Long read(QueryParameters query, String name) {
        String cursor = query.text(name);
        if (cursor == null) {
            return null;
        }
        try {
            String decoded = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.ISO_8859_1);
            Matcher matcher = DECODED.matcher(decoded);
            if (matcher.matches()) {
                return Long.parseLong(matcher.group(1));
            }
        } catch (IllegalArgumentException e) {
            // As below.
        }
        query.reject(name, "must be a cursor that a response has given");
        return null;
    }
}
