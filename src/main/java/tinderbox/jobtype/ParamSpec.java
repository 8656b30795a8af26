package tinderbox.jobtype;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * One parameter of a job type. The form, the checks of a request and the API document are derived from it. Immutable:
 * {@link #title}, {@link #help} and {@link #defaultsTo} with an argument return a changed copy.
 *
 * @param <T> String, Long or Boolean
 */
public final class ParamSpec<T> {
    /** The longest allowed text, in characters. */
    static final int MAX_TEXT = 4096;

    private final String name;
    private final Kind kind;
    private final Class<T> javaType;
    private final String title;
    private final String help;
    private final T defaultValue;
    private final Long minimum;
    private final Long maximum;
    private final List<String> choices;

    /** The kind of values that a parameter takes. */
    public enum Kind {
        /** The path of a dataset. */
        DATASET,
        /** A whole number. */
        INTEGER,
        /** Yes or no. */
        BOOLEAN,
        /** Any text. */
        STRING,
        /** One of several words. */
        CHOICE;

        /** The name on the wire. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private ParamSpec(
            String name,
            Kind kind,
            Class<T> javaType,
            String title,
            String help,
            T defaultValue,
            Long minimum,
            Long maximum,
            List<String> choices) {
        this.name = Objects.requireNonNull(name, "name");
        this.kind = kind;
        this.javaType = javaType;
        this.title = title;
        this.help = help;
        this.defaultValue = defaultValue;
        this.minimum = minimum;
        this.maximum = maximum;
        this.choices = List.copyOf(choices);
    }

    /** A dataset: a file or a folder of files. */
    public static ParamSpec<String> dataset(String name) {
        return new ParamSpec<>(name, Kind.DATASET, String.class, name, "", null, null, null, List.of());
    }

    /** A whole number between two bounds, both allowed. */
    public static ParamSpec<Long> integer(String name, long minimum, long maximum) {
        return new ParamSpec<>(name, Kind.INTEGER, Long.class, name, "", null, minimum, maximum, List.of());
    }

    /** Yes or no. */
    public static ParamSpec<Boolean> bool(String name) {
        return new ParamSpec<>(name, Kind.BOOLEAN, Boolean.class, name, "", null, null, null, List.of());
    }

    /** Any text. */
    public static ParamSpec<String> string(String name) {
        return new ParamSpec<>(name, Kind.STRING, String.class, name, "", null, null, null, List.of());
    }

    /** One of these words. */
    public static ParamSpec<String> choice(String name, List<String> choices) {
        return new ParamSpec<>(name, Kind.CHOICE, String.class, name, "", null, null, null, choices);
    }

    /** Sets the label in the form. */
    public ParamSpec<T> title(String newTitle) {
        return new ParamSpec<>(name, kind, javaType, newTitle, help, defaultValue, minimum, maximum, choices);
    }

    /** Sets the help text in the form: one sentence. */
    public ParamSpec<T> help(String newHelp) {
        return new ParamSpec<>(name, kind, javaType, title, newHelp, defaultValue, minimum, maximum, choices);
    }

    /** Sets the default. A parameter without one is required. */
    public ParamSpec<T> defaultsTo(T value) {
        return new ParamSpec<>(name, kind, javaType, title, help, value, minimum, maximum, choices);
    }

    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    public String title() {
        return title;
    }

    public String help() {
        return help;
    }

    /** The default, or null if the parameter is required. */
    public T defaultValue() {
        return defaultValue;
    }

    /** The smallest allowed number, or null. */
    public Long minimum() {
        return minimum;
    }

    /** The greatest allowed number, or null. */
    public Long maximum() {
        return maximum;
    }

    /** The allowed words; empty unless this is a choice. */
    public List<String> choices() {
        return choices;
    }

    public boolean required() {
        return defaultValue == null;
    }

    /** Describes what is wrong with a submitted value, or returns null. Does not check whether a dataset exists. */
    String problemWith(Object value) {
        return switch (kind) {
            case INTEGER ->
                value instanceof Long number && number >= minimum && number <= maximum
                        ? null
                        : "must be a whole number from " + minimum + " to " + maximum;
            case BOOLEAN -> value instanceof Boolean ? null : "must be true or false";
            case CHOICE ->
                value instanceof String word && choices.contains(word)
                        ? null
                        : "must be one of " + String.join(", ", choices);
            case STRING -> problemWithText(value, "must be a text");
            case DATASET -> problemWithText(value, "must be the name of a dataset, such as samples/moby-dick.txt");
        };
    }

    private static String problemWithText(Object value, String requirement) {
        if (!(value instanceof String text)) {
            return requirement;
        }
        return text.length() <= MAX_TEXT ? null : "must not be longer than " + MAX_TEXT + " characters";
    }

    T cast(Object value) {
        return javaType.cast(value);
    }
}
