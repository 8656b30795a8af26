package tinderbox.http.message;

import java.util.Arrays;
import java.util.List;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * The tags of an {@code If-Match} header. A tag names the version of what can be changed: all of it, or what follows its
 * last hyphen if the rest changes for other reasons, as that of a running job does. A weak tag counts too, because a
 * compressed response has one.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6585#section-3">RFC 6585: 428 Precondition Required</a>
 */
public final class IfMatch {
    private final List<String> versions;

    private IfMatch(List<String> versions) {
        this.versions = versions;
    }

    static IfMatch parse(String header) {
        if (header == null || header.isBlank()) {
            throw new JobException(
                    ErrorCode.PRECONDITION_REQUIRED,
                    "The request does not say which version it changes",
                    "read it first, and send the ETag of that response in the header If-Match");
        }
        return new IfMatch(
                Arrays.stream(header.split(",")).map(IfMatch::version).toList());
    }

    private static String version(String tag) {
        String text = tag.strip().replaceAll("^(?:W/)?\"(.*)\"$", "$1");
        return text.substring(text.lastIndexOf('-') + 1);
    }

    /**
     * Checks that the client has read this version.
     *
     * @param current a text without hyphens
     * @throws JobException {@link ErrorCode#PRECONDITION_FAILED}
     */
    public void check(String current) {
        if (!versions.contains(current) && !versions.contains("*")) {
            throw changedMeanwhile();
        }
    }

    /** The error for a version that is no longer the present one. */
    public static JobException changedMeanwhile() {
        return new JobException(
                ErrorCode.PRECONDITION_FAILED,
                "It has been changed since you have read it",
                "read it again, and send your change with the new ETag if it still makes sense");
    }
}
