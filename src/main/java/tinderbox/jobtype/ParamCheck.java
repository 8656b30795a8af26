package tinderbox.jobtype;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import tinderbox.dataset.Datasets;
import tinderbox.job.FieldProblem;
import tinderbox.job.TextPosition;

/**
 * Checks submitted values of one parameter.
 *
 * @param datasetProblem says why the dataset with a path cannot be an input, or null
 */
record ParamCheck(ParamSpec<?> spec, UnaryOperator<String> datasetProblem) {
    private static final String DATASET_REQUIREMENT = "must be the name of a dataset, such as samples/moby-dick.txt";

    private static final Pattern ARGUMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");

    /** Returns what is wrong with a submitted value. */
    List<FieldProblem> problemsWith(Object value) {
        return switch (spec.kind()) {
            case INTEGER ->
                problemUnless(
                        value instanceof Long number && number >= spec.minimum() && number <= spec.maximum(),
                        "must be a whole number from " + spec.minimum() + " to " + spec.maximum());
            case BOOLEAN -> problemUnless(value instanceof Boolean, "must be true or false");
            case CHOICE ->
                problemUnless(
                        value instanceof String word && spec.choices().contains(word),
                        "must be one of " + String.join(", ", spec.choices()));
            case STRING -> problemsWithString(spec.field(), value, "must be a text");
            case DATASET -> problemsWithDataset(spec.field(), value);
            case TEXT -> problemsWithText(value);
            case DATASETS -> problemsWithDatasets(value);
            case ARGUMENTS -> problemsWithArguments(value);
        };
    }

    private List<FieldProblem> problemUnless(boolean isAllowed, String requirement) {
        return isAllowed ? List.of() : List.of(new FieldProblem(spec.field(), requirement));
    }

    private static List<FieldProblem> problemsWithString(String field, Object value, String requirement) {
        if (!(value instanceof String string)) {
            return List.of(new FieldProblem(field, requirement));
        }
        return problemsWithLength(field, string, ParamSpec.MAX_STRING);
    }

    private static List<FieldProblem> problemsWithLength(String field, String text, int maxLength) {
        return text.codePointCount(0, text.length()) <= maxLength
                ? List.of()
                : List.of(new FieldProblem(field, "must not be longer than " + maxLength + " characters"));
    }

    private List<FieldProblem> problemsWithText(Object value) {
        if (!(value instanceof String text)) {
            return List.of(new FieldProblem(spec.field(), "must be a text"));
        }
        if (spec.required() && text.isBlank()) {
            return List.of(new FieldProblem(spec.field(), "is required"));
        }
        List<FieldProblem> tooLong = problemsWithLength(spec.field(), text, spec.maxLength());
        return tooLong.isEmpty() ? problemsWithCharacters(text) : tooLong;
    }

    private List<FieldProblem> problemsWithCharacters(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isAllowed = !Character.isISOControl(c) || c == '\t' || c == '\n' || c == '\r';
            if (!isAllowed) {
                String message = String.format(Locale.ROOT, "must not contain the control character U+%04X", (int) c);
                return List.of(new FieldProblem(spec.field(), message, TextPosition.of(text, i, i + 1)));
            }
        }
        return List.of();
    }

    private List<FieldProblem> problemsWithArguments(Object value) {
        if (!(value instanceof Map<?, ?> arguments)) {
            return List.of(new FieldProblem(spec.field(), "must be an object with a value for each name"));
        }
        if (arguments.size() > spec.maxItems()) {
            return List.of(new FieldProblem(spec.field(), "must not have more than " + spec.maxItems() + " values"));
        }
        List<FieldProblem> problems = new ArrayList<>();
        arguments.forEach((key, argument) -> {
            String name = (String) key;
            if (!ARGUMENT.matcher(name).matches()) {
                problems.add(
                        new FieldProblem(
                                spec.field(name),
                                "must have a name of at most 100 letters, digits and underscores that does not begin with a digit"));
            } else if (argument instanceof Map<?, ?> || argument instanceof List<?>) {
                problems.add(new FieldProblem(spec.field(name), "must be a text, a number, true, false or null"));
            }
        });
        return problems;
    }

    private List<FieldProblem> problemsWithDataset(String field, Object value) {
        List<FieldProblem> wrong = problemsWithString(field, value, DATASET_REQUIREMENT);
        String problem = wrong.isEmpty() ? datasetProblem.apply((String) value) : null;
        return problem == null ? wrong : List.of(new FieldProblem(field, problem));
    }

    private List<FieldProblem> problemsWithDatasets(Object value) {
        if (!(value instanceof List<?> items)) {
            return List.of(new FieldProblem(spec.field(), "must be a list of names of datasets"));
        }
        if (spec.required() && items.isEmpty()) {
            return List.of(new FieldProblem(spec.field(), "must name at least one dataset"));
        }
        if (items.size() > spec.maxItems()) {
            return List.of(new FieldProblem(spec.field(), "must not name more than " + spec.maxItems() + " datasets"));
        }
        List<FieldProblem> problems = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            Object item = items.get(i);
            Integer first = item instanceof String path ? seen.putIfAbsent(Datasets.normalized(path), i) : null;
            if (first != null) {
                problems.add(new FieldProblem(spec.field(i), "is the same dataset as " + spec.field(first)));
            } else {
                problems.addAll(problemsWithDataset(spec.field(i), item));
            }
        }
        return problems;
    }
}
