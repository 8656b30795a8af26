package tinderbox.security.audit;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a request, cut to what a line of the audit log takes: {@value #MAX_BYTES} bytes of JSON.
 *
 * @param json all of them, or {@code begins}, the first part of their JSON, and {@code bytes}, its length
 */
record AuditParams(Map<String, Object> json, boolean isCut) {
    static final int MAX_BYTES = 4096;

    /** In bytes. A quote or a backslash becomes two, because this is JSON in JSON. */
    private static final int CUT_BYTES = 1900;

    /** Cuts the parameters if they are too long. */
    static AuditParams of(Map<String, Object> params) {
        Map<String, Object> plain = plain(params);
        byte[] json = EscapedJson.write(plain);
        if (json.length <= MAX_BYTES) {
            return new AuditParams(plain, false);
        }
        int end = CUT_BYTES;
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

    /** The text; if it is longer than {@code maxLength} characters, it is cut and says so. Null stays null. */
    static String text(String text, int maxLength) {
        if (text == null || text.length() <= maxLength) {
            return text == null ? null : encodable(text);
        }
        int end = Character.isHighSurrogate(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength;
        return encodable(text.substring(0, end)) + "… (cut from " + text.length() + " characters)";
    }

    /** The text, with a question mark for each unpaired surrogate, which UTF-8 cannot encode. */
    static String encodable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static Map<String, Object> plain(Map<?, ?> map) {
        Map<String, Object> plain = new LinkedHashMap<>();
        map.forEach((key, value) -> plain.put(encodable(String.valueOf(key)), plain(value)));
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
        return encodable(value.toString());
    }
}
