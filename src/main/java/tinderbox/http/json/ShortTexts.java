package tinderbox.http.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shortens what can be long in the parameters and the note of a job, because a list has hundreds of jobs, and each of their events is
 * sent to every client.
 */
final class ShortTexts {
    /** In Unicode code points. */
    private static final int MAX_TEXT = 500;

    private static final int MAX_ITEMS = 10;

    private ShortTexts() {}

    /** The parameters, with {@code …} at the end of each text that is shortened. */
    static Map<String, Object> ofParams(Map<String, Object> params) {
        Map<String, Object> shortened = new LinkedHashMap<>(params);
        shortened.replaceAll((name, value) -> ofParam(value));
        return shortened;
    }

    private static Object ofParam(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> shortened = new LinkedHashMap<>();
            map.entrySet().stream()
                    .limit(MAX_ITEMS)
                    .forEach(entry -> shortened.put(entry.getKey(), shortened(entry.getValue())));
            return shortened;
        }
        return value instanceof List<?> items
                ? firstOf(items).stream().map(ShortTexts::shortened).toList()
                : shortened(value);
    }

    /** The first items. */
    static <T> List<T> firstOf(List<T> items) {
        return items.subList(0, Math.min(items.size(), MAX_ITEMS));
    }

    private static Object shortened(Object value) {
        return value instanceof String text ? ofText(text) : value;
    }

    /** The text, with {@code …} at the end if it is shortened; null if there is none. */
    static String ofText(String text) {
        return text != null && text.codePointCount(0, text.length()) > MAX_TEXT
                ? text.substring(0, text.offsetByCodePoints(0, MAX_TEXT)) + "…"
                : text;
    }
}
