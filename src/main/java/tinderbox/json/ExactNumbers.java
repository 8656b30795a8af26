package tinderbox.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps numbers exact for clients that read every number as a double, as browsers do. */
public final class ExactNumbers {
    /** The greatest integer that is sent as a number; greater ones are sent as strings. */
    public static final long MAX_NUMBER = 1L << 53;

    private static final int MAX_ZEROS = 64;

    /** Every number of at most this many digits, in plain notation, survives being read as a double. */
    private static final int SAFE_DIGITS = 15;

    /** A longer number counts as changed, because comparing it would take long. */
    private static final int MAX_COMPARED = 64;

    private ExactNumbers() {}

    /**
     * Whether a client that reads every number as a double keeps this one.
     *
     * @param number in the notation of JSON
     */
    public static boolean isExact(String number) {
        boolean isInteger = number.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
        if (number.length() <= SAFE_DIGITS && (isInteger || number.chars().noneMatch(c -> c == 'e' || c == 'E'))) {
            return true;
        }
        if (number.length() > MAX_COMPARED) {
            return false;
        }
        BigDecimal exact;
        try {
            exact = new BigDecimal(number);
        } catch (NumberFormatException e) {
            // Its exponent has more than ten digits, which no double can have.
            return false;
        }
        if (isInteger) {
            return exact.abs().compareTo(BigDecimal.valueOf(MAX_NUMBER)) <= 0;
        }
        double read = exact.doubleValue();
        return !Double.isInfinite(read) && new BigDecimal(Double.toString(read)).compareTo(exact) == 0;
    }

    /** The value, with every number that such a client would change or could not read replaced by a string. */
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
            return number > MAX_NUMBER || number < -MAX_NUMBER ? number.toString() : number;
        }
        if (value instanceof Double number) {
            return number.isNaN() || number.isInfinite() ? number.toString() : number;
        }
        return value instanceof BigDecimal decimal ? text(decimal) : value;
    }

    /** A number in plain notation, unless its exponent would add more than {@value #MAX_ZEROS} zeros. */
    private static String text(BigDecimal decimal) {
        return Math.abs((long) decimal.scale()) <= MAX_ZEROS ? decimal.toPlainString() : decimal.toString();
    }

    /** {@link #of} for each element. */
    public static List<Object> list(List<?> values) {
        List<Object> exact = new ArrayList<>(values.size());
        values.forEach(value -> exact.add(of(value)));
        return exact;
    }

    /** {@link #of} for each value. */
    public static Map<String, Object> map(Map<String, Object> values) {
        Map<String, Object> exact = new LinkedHashMap<>();
        values.forEach((key, value) -> exact.put(key, of(value)));
        return exact;
    }
}
