package tinderbox.security.audit;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Of what a caller sent, as much as a line of the audit log takes: at most {@value #MOST} bytes of JSON.
 *
 * @param kept all of it, or {@code begins}, the first part of its JSON, and {@code bytes}, how long that was
 */
record AuditParams(Map<String, Object> kept, boolean isCut) {
    static final int MOST = 4096;

    /** In bytes; each may become two where it is a quote or a backslash, as this is JSON in JSON. */
    private static final int BEGINNING = 1900;

    /** What is kept of these. */
    static AuditParams of(Map<String, Object> params) {
        Map<String, Object> plain = plain(params);
        byte[] json = EscapedJson.write(plain);
        if (json.length <= MOST) {
            return new AuditParams(plain, false);
        }
        int end = BEGINNING;
        while (isInsideCharacter(json[end])) {
            end--;
        }
        Map<String, Object> beginning = new LinkedHashMap<>();
        beginning.put("begins", new String(json, 0, end, StandardCharsets.UTF_8));
        beginning.put("bytes", (long) json.length);
        return new AuditParams(beginning, true);
    }

    private static boolean isInsideCharacter(byte utf8) {
        return (utf8 & 0xC0) == 0x80;
    }

    /** The text, cut to {@code most} characters where it is longer, which it then says; null stays null. */
    static String text(String text, int most) {
        if (text == null || text.length() <= most) {
            return text == null ? null : whole(text);
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return whole(text.substring(0, end)) + "… (cut from " + text.length() + " characters)";
    }

    /** The text, with a question mark for each half of a surrogate pair, which could not be written. */
    static String whole(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static Map<String, Object> plain(Map<?, ?> map) {
        Map<String, Object> plain = new LinkedHashMap<>();
        map.forEach((key, value) -> plain.put(whole(String.valueOf(key)), plain(value)));
        return plain;
    }

    private static Object plain(Object value) {
        if (value == null
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof BigDecimal) {
            return value;
        }
        if (value instanceof Map<?, ?> map) {
            return plain(map);
        }
        if (value instanceof Collection<?> collection) {
            List<Object> plain = new ArrayList<>();
            collection.forEach(item -> plain.add(plain(item)));
            return plain;
        }
        return whole(value.toString());
    }
}
