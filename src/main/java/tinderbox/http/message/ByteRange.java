package tinderbox.http.message;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Some bytes of a file, from {@code first} to {@code last}, both included.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2">RFC 9110: Byte Ranges</a>
 */
public record ByteRange(long first, long last) {
    private static final Pattern SINGLE = Pattern.compile("bytes=\\s*([0-9]{0,30})-([0-9]{0,30})\\s*");
    private static final int MAX_DIGITS = 18;
    private static final ByteRange NOTHING = new ByteRange(0, -1);

    /** The number of bytes; 0 if the file has none of the requested ones. */
    public long length() {
        return last - first + 1;
    }

    /** Parses a Range header; empty if the header must be ignored, as it is for several ranges. */
    public static Optional<ByteRange> parse(String range, long size) {
        Matcher matcher = SINGLE.matcher(range);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        if (matcher.group(1).isEmpty()) {
            return matcher.group(2).isEmpty()
                    ? Optional.empty()
                    : Optional.of(new ByteRange(Math.max(0, size - number(matcher.group(2))), size - 1));
        }
        long first = number(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? Long.MAX_VALUE : number(matcher.group(2));
        if (last < first) {
            return Optional.empty();
        }
        return Optional.of(first < size ? new ByteRange(first, Math.min(last, size - 1)) : NOTHING);
    }

    private static long number(String digits) {
        return digits.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    /** The Content-Range header of a response with these bytes out of {@code size}. */
    public String contentRange(long size) {
        return length() == 0 ? "bytes */" + size : "bytes " + first + "-" + last + "/" + size;
    }
}
