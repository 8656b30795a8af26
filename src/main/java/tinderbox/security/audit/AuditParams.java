package tinderbox.security.audit;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tinderbox.common.Sha256;
import tinderbox.json.EscapedJson;

/**
 * The parameters of a request, cut to what a line of the audit log takes: {@value #MAX_BYTES} bytes of JSON.
 *
 * @param json all of them, or {@code begins}, the first part of their JSON, {@code bytes}, its length, and {@code sha256},
 *     the hash of the longest text among them, such as a query, by its name
 */
record AuditParams(Map<String, Object> json, boolean isCut) {
    static final int MAX_BYTES = 4096;

    /** In bytes. A quote or a backslash becomes two, because this is JSON in JSON. */
    private static final int CUT_BYTES = 1900;

    /** Others may need more bytes than there are. */
    private static final Pattern NAME = Pattern.compile("[\\w.-]{1,64}");

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
        LongText longest = longest("", plain);
        if (!longest.text.isEmpty()) {
            beginning.put(
                    "sha256",
                    Map.of(
                            NAME.matcher(longest.name).matches() ? longest.name : "longest",
                            Sha256.hex(longest.text.getBytes(StandardCharsets.UTF_8))));
        }
        return new AuditParams(beginning, true);
    }

    /** A text, and where it is, such as {@code params.query}. */
    private record LongText(String name, String text) {
        LongText longer(LongText other) {
            return other.text.length() > text.length() ? other : this;
        }
    }

    private static LongText longest(String name, Object value) {
        if (value instanceof String text) {
            return new LongText(name, text);
        }
        LongText longest = new LongText(name, "");
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                String inner = name.isEmpty() ? String.valueOf(entry.getKey()) : name + "." + entry.getKey();
                longest = longest.longer(longest(inner, entry.getValue()));
            }
        } else if (value instanceof List<?> items) {
            for (Object item : items) {
                longest = longest.longer(longest(name, item));
            }
        }
        return longest;
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
