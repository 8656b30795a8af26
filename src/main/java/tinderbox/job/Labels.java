package tinderbox.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a submitter may say about a job in labels: short texts under names, by which lists can be filtered. */
public final class Labels {
    /** A job has no more of them. */
    public static final int MAX = 16;

    /** A longer value is refused, in Unicode code points. */
    public static final int MAX_VALUE = 256;

    /** What {@link #isKey} demands, in words. */
    public static final String KEY_RULE =
            "1 to 63 ASCII letters, digits, and . _ - /, the first of them a letter or a digit";

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");

    private Labels() {}

    /** Whether a label may have this key. */
    public static boolean isKey(String key) {
        return KEY.matcher(key).matches();
    }

    /** What is wrong with these labels of a submission. */
    public static List<FieldProblem> problems(Map<String, String> labels) {
        List<FieldProblem> problems = new ArrayList<>();
        if (labels.size() > MAX) {
            problems.add(new FieldProblem("labels", "must have at most " + MAX + " keys"));
        }
        labels.forEach((key, value) -> {
            if (!isKey(key)) {
                problems.add(new FieldProblem("labels." + key, "must have a key of " + KEY_RULE));
            }
            if (value.codePointCount(0, value.length()) > MAX_VALUE) {
                problems.add(new FieldProblem("labels." + key, "must not be longer than " + MAX_VALUE + " characters"));
            }
            if (value.chars().anyMatch(Labels::breaksLine)) {
                problems.add(new FieldProblem("labels." + key, "must be one line without control characters"));
            }
        });
        return problems;
    }

    /** Those of these labels that a job may have. */
    public static Map<String, String> allowed(Map<String, String> labels) {
        Map<String, String> allowed = new LinkedHashMap<>();
        labels.forEach((key, value) -> {
            if (allowed.size() < MAX
                    && value != null
                    && problems(Map.of(key, value)).isEmpty()) {
                allowed.put(key, value);
            }
        });
        return allowed;
    }

    /** Whether a character does not belong in a text of one line. */
    public static boolean breaksLine(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
    }
}
