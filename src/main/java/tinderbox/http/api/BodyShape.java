package tinderbox.http.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;

/** Which fields a body has, and of which kinds they are. A field that is null counts as absent. */
final class BodyShape {
    static final String MUST_BE_TEXT = "must be a text";

    private BodyShape() {}

    /**
     * Checks the fields of a body.
     *
     * @param fields the classes of those that there can be: String, Boolean or Map
     * @param wrongInside what is wrong inside of them
     * @param what the body is for, such as {@code a job}
     * @throws JobException as {@link #refuse}
     */
    static void check(
            Map<String, Object> body, Map<String, Class<?>> fields, List<FieldProblem> wrongInside, String what) {
        List<FieldProblem> unknown = new ArrayList<>();
        List<FieldProblem> wrong = new ArrayList<>();
        body.forEach((field, value) -> {
            Class<?> expected = fields.get(field);
            if (expected == null) {
                unknown.add(
                        new FieldProblem(field, "is unknown; the fields are " + String.join(", ", fields.keySet())));
            } else if (value != null && !expected.isInstance(value)) {
                wrong.add(new FieldProblem(field, rule(expected)));
            }
        });
        wrong.addAll(wrongInside);
        refuse(unknown, wrong, what);
    }

    private static String rule(Class<?> expected) {
        if (expected == Map.class) {
            return "must be an object";
        }
        return expected == Boolean.class ? "must be true or false" : MUST_BE_TEXT;
    }

    /**
     * Refuses a body with unknown fields, or with values of other kinds.
     *
     * @throws JobException {@link ErrorCode#UNKNOWN_FIELD} or {@link ErrorCode#WRONG_TYPE}, if there are any
     */
    static void refuse(List<FieldProblem> unknown, List<FieldProblem> wrong, String what) {
        if (!unknown.isEmpty() || !wrong.isEmpty()) {
            ErrorCode code = unknown.isEmpty() ? ErrorCode.WRONG_TYPE : ErrorCode.UNKNOWN_FIELD;
            List<FieldProblem> all = new ArrayList<>(unknown);
            all.addAll(wrong);
            throw new JobException(code, "The fields of the body are not those of " + what, all);
        }
    }

    /** The members of an object in a checked body; none if it is absent. */
    static Map<String, Object> members(Object object) {
        Map<String, Object> byName = new LinkedHashMap<>();
        if (object instanceof Map<?, ?> sent) {
            sent.forEach((name, value) -> byName.put((String) name, value));
        }
        return byName;
    }
}
