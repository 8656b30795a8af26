package tinderbox.jobtype;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tinderbox.job.FieldProblem;

/**
 * One parameter of a job type. The form, the checks of a request and the API document are derived from it. Immutable:
 * {@link #title}, {@link #help}, {@link #syntax}, {@link #examples} and {@link #defaultsTo} with an argument, and {@link
 * #optional}, return a changed copy.
 *
 * @param <T> String, Long, Boolean, a list of String or a map of plain values
 */
public final class ParamSpec<T> {
    /** The longest allowed text of one line, in characters. */
    static final int MAX_STRING = 4096;

    /** A text of so many characters fits into a request, even if each takes twelve bytes as JSON. */
    private static final int MAX_TEXT = 65_536;

    private static final int MAX_ITEMS = 100;

    private final String name;
    private final Kind kind;
    private final Form form;
    private final T defaultValue;
    private final boolean optional;
    private final Bounds bounds;

    /** The kind of values that a parameter takes. */
    public enum Kind {
        /** The path of a dataset. */
        DATASET,
        /** The paths of several datasets. */
        DATASETS,
        /** A whole number. */
        INTEGER,
        /** Yes or no. */
        BOOLEAN,
        /** A short text. */
        STRING,
        /** A text of several lines. */
        TEXT,
        /** One of several words. */
        CHOICE,
        /** Values by name, for the named parameters of a query. */
        ARGUMENTS;

        /** The name on the wire. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a value may be; null or empty where the kind of value has no such bound. */
    private record Bounds(Long minimum, Long maximum, Integer maxLength, Integer maxItems, List<String> choices) {
        private static final Bounds NONE = new Bounds(null, null, null, null, List.of());

        static Bounds range(long minimum, long maximum) {
            return new Bounds(minimum, maximum, null, null, List.of());
        }

        static Bounds length(int max) {
            return new Bounds(null, null, max, null, List.of());
        }

        static Bounds items(int max) {
            return new Bounds(null, null, null, max, List.of());
        }

        static Bounds choices(List<String> choices) {
            return new Bounds(null, null, null, null, List.copyOf(choices));
        }
    }

    /** What the form shows of it besides its value; {@code syntax} is null for texts without one. */
    private record Form(String title, String help, String syntax, List<Example> examples) {}

    /** A value that the form offers, and what it shows. */
    public record Example(String title, String value) {}

    private ParamSpec(String name, Kind kind, Form form, T defaultValue, boolean optional, Bounds bounds) {
        this.name = Objects.requireNonNull(name, "name");
        this.kind = kind;
        this.form = form;
        this.defaultValue = defaultValue;
        this.optional = optional;
        this.bounds = bounds;
    }

    private ParamSpec(String name, Kind kind, Bounds bounds) {
        this(name, kind, new Form(name, "", null, List.of()), null, false, bounds);
    }

    /** A dataset: a file or a folder of files. */
    public static ParamSpec<String> dataset(String name) {
        return new ParamSpec<>(name, Kind.DATASET, Bounds.NONE);
    }

    /** Several datasets, each once, in the order in which they were named; at least one, unless it has a default. */
    public static ParamSpec<List<String>> datasets(String name, int maxItems) {
        checkBound("datasets", maxItems, MAX_ITEMS);
        return new ParamSpec<>(name, Kind.DATASETS, Bounds.items(maxItems));
    }

    /** A whole number between two bounds, both allowed. */
    public static ParamSpec<Long> integer(String name, long minimum, long maximum) {
        return new ParamSpec<>(name, Kind.INTEGER, Bounds.range(minimum, maximum));
    }

    /** Yes or no. */
    public static ParamSpec<Boolean> bool(String name) {
        return new ParamSpec<>(name, Kind.BOOLEAN, Bounds.NONE);
    }

    /** A short text. */
    public static ParamSpec<String> string(String name) {
        return new ParamSpec<>(name, Kind.STRING, Bounds.length(MAX_STRING));
    }

    /**
     * A text of several lines, such as a query. It arrives as it was sent: white space and line ends (LF, CRLF or CR) are
     * not changed. Other control characters except tabs are refused, and blank texts, unless it has a default.
     *
     * @param maxLength in Unicode code points, at most 65,536
     */
    public static ParamSpec<String> text(String name, int maxLength) {
        checkBound("characters", maxLength, MAX_TEXT);
        return new ParamSpec<>(name, Kind.TEXT, Bounds.length(maxLength));
    }

    /** One of these words. */
    public static ParamSpec<String> choice(String name, List<String> choices) {
        return new ParamSpec<>(name, Kind.CHOICE, Bounds.choices(choices));
    }

    /**
     * Values by name: String, Long, BigDecimal, Boolean or null. A name begins with a letter or an underscore, and goes on
     * with these and digits, 100 characters at most.
     */
    public static ParamSpec<Map<String, Object>> arguments(String name, int maxItems) {
        checkBound("arguments", maxItems, MAX_ITEMS);
        return new ParamSpec<>(name, Kind.ARGUMENTS, Bounds.items(maxItems));
    }

    private static void checkBound(String what, int max, int limit) {
        if (max < 1 || max > limit) {
            throw new IllegalArgumentException("a parameter takes 1 to " + limit + " " + what + ", not " + max);
        }
    }

    /** Sets the label in the form. */
    public ParamSpec<T> title(String newTitle) {
        return with(new Form(newTitle, form.help, form.syntax, form.examples));
    }

    /** Sets the help text in the form: one sentence. */
    public ParamSpec<T> help(String newHelp) {
        return with(new Form(form.title, newHelp, form.syntax, form.examples));
    }

    /** Sets the language of a text, such as {@code sql}: the form then has an editor for it. */
    public ParamSpec<T> syntax(String newSyntax) {
        return with(new Form(form.title, form.help, newSyntax, form.examples));
    }

    /** Sets the examples that the form offers for a text. */
    public ParamSpec<T> examples(List<Example> newExamples) {
        return with(new Form(form.title, form.help, form.syntax, List.copyOf(newExamples)));
    }

    private ParamSpec<T> with(Form newForm) {
        return new ParamSpec<>(name, kind, newForm, defaultValue, optional, bounds);
    }

    /** Sets the default. A parameter without one is required, unless it is {@link #optional}. */
    public ParamSpec<T> defaultsTo(T value) {
        return new ParamSpec<>(name, kind, form, value, optional, bounds);
    }

    /** Makes it a parameter that can be left out: its value is then null. */
    public ParamSpec<T> optional() {
        return new ParamSpec<>(name, kind, form, defaultValue, true, bounds);
    }

    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    public String title() {
        return form.title;
    }

    public String help() {
        return form.help;
    }

    /** The language of a text, or null. */
    public String syntax() {
        return form.syntax;
    }

    /** Values that the form offers; empty unless this is a text that has some. */
    public List<Example> examples() {
        return form.examples;
    }

    /** The default, or null. */
    public T defaultValue() {
        return defaultValue;
    }

    /** The smallest allowed number, or null. */
    public Long minimum() {
        return bounds.minimum;
    }

    /** The greatest allowed number, or null. */
    public Long maximum() {
        return bounds.maximum;
    }

    /** The longest allowed text, in Unicode code points, or null. */
    public Integer maxLength() {
        return bounds.maxLength;
    }

    /** The maximum number of datasets or arguments, or null. */
    public Integer maxItems() {
        return bounds.maxItems;
    }

    /** The allowed words; empty unless this is a choice. */
    public List<String> choices() {
        return bounds.choices;
    }

    public boolean required() {
        return defaultValue == null && !optional;
    }

    /** The datasets that this parameter names; none if it is of another kind. */
    Stream<JobInput> inputs(Params params) {
        Object value = params.get(this);
        return switch (kind) {
            case DATASET -> Stream.of(new JobInput((String) value, field(), null));
            case DATASETS -> {
                List<?> paths = (List<?>) value;
                yield IntStream.range(0, paths.size())
                        .mapToObj(i -> new JobInput((String) paths.get(i), field(i), null));
            }
            case INTEGER, BOOLEAN, STRING, TEXT, CHOICE, ARGUMENTS -> Stream.empty();
        };
    }

    /** The path of this parameter in a request, for a {@link FieldProblem}. */
    public String field() {
        return "params." + name;
    }

    /** The path of an item of this list. */
    String field(int item) {
        return field() + "[" + item + "]";
    }

    /** The path of a value in this map. */
    String field(String key) {
        return field() + "." + key;
    }

    /** A value that has been checked. */
    @SuppressWarnings("unchecked")
    T cast(Object value) {
        return (T) value;
    }
}
