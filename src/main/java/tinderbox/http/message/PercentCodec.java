package tinderbox.http.message;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** Encodes and decodes percent-encoding. Decoding is strict: malformed escapes and malformed UTF-8 are refused. */
public final class PercentCodec {
    private PercentCodec() {}

    /** Decodes one segment of a path. */
    public static String decodeSegment(String raw) {
        return decode(raw);
    }

    /** Decodes a part of a parameter that may be encoded twice, and was decoded once: it can have any characters. */
    public static String decodeAgain(String once) {
        StringBuilder raw = new StringBuilder(once.length());
        once.codePoints()
                .mapToObj(Character::toString)
                .forEach(character -> raw.append(character.charAt(0) < 0x80 ? character : encodeSegment(character)));
        return decode(raw.toString());
    }

    /** Decodes a name or value of a query, in which a plus sign is a space. */
    static String decodeQuery(String raw) {
        return decode(raw.replace('+', ' '));
    }

    /** Encodes one segment of a path, except for unreserved characters. */
    public static String encodeSegment(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
            encoded.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return encoded.toString();
    }

    /** Encodes the segments of a path. */
    public static String encodePath(String path) {
        return encodeSegment(path).replace("%2F", "/");
    }

    private static String decode(String raw) {
        if (raw.chars().allMatch(c -> c != '%' && c < 0x80)) {
            return raw;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes.write(hex(raw, i + 1) << 4 | hex(raw, i + 2));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    private static int hex(String raw, int at) {
        int digit = at < raw.length() ? Character.digit(raw.charAt(at), 16) : -1;
        if (digit < 0) {
            throw malformed();
        }
        return digit;
    }

    private static JobException malformed() {
        return new JobException(
                ErrorCode.MALFORMED_REQUEST,
                "The URL is malformed",
                "percent-encode it as UTF-8; a percent sign itself is %25");
    }
}
