package tinderbox.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps numbers exact on the way to a client that knows only binary floating point, as browsers do. */
public final class ExactNumbers {
    /** No number beyond it is sent as a number. */
    public static final long GREATEST = 1L << 53;

    private static final int MOST_ZEROS = 64;

    private ExactNumbers() {}

    /** The value with every number in it that such a client would change, or could not read, as a string. */
    public static Object of(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> exact = new LinkedHashMap<>();
            map.forEach((key, element) -> exact.put(String.valueOf(key), of(element)));
            return exact;
        }
        if (value instanceof List<?> list) {
            return list(list);
        }
        if (value instanceof Long number) {
            return number > GREATEST || number < -GREATEST ? number.toString() : number;
        }
        if (value instanceof Double number) {
            return number.isNaN() || number.isInfinite() ? number.toString() : number;
        }
        return value instanceof BigDecimal decimal ? text(decimal) : value;
    }

    /** All digits of a number, but no zeros beyond {@value #MOST_ZEROS} that only its exponent stands for. */
    private static String text(BigDecimal decimal) {
        return Math.abs((long) decimal.scale()) <= MOST_ZEROS ? decimal.toPlainString() : decimal.toString();
    }

    /** A list of such values. */
    public static List<Object> list(List<?> values) {
        List<Object> exact = new ArrayList<>(values.size());
        values.forEach(value -> exact.add(of(value)));
        return exact;
    }

    /** A map of such values. */
    public static Map<String, Object> map(Map<String, Object> values) {
        Map<String, Object> exact = new LinkedHashMap<>();
        values.forEach((key, value) -> exact.put(key, of(value)));
        return exact;
    }
}
