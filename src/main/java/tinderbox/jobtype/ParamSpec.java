package tinderbox.jobtype;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * One parameter of a job type: what the form shows, what the request may hold and what the API document says.
 * Immutable; each method but the readers answers a changed copy.
 *
 * @param <T> String, Long or Boolean
 */
public final class ParamSpec<T> {
    /** A longer text is refused, in characters. */
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

    /** What a parameter holds. */
    public enum Kind {
        /** The name of a dataset that can be read. */
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

    /** What the form calls it. */
    public ParamSpec<T> title(String newTitle) {
        return new ParamSpec<>(name, kind, javaType, newTitle, help, defaultValue, minimum, maximum, choices);
    }

    /** One sentence for whoever fills in the form. */
    public ParamSpec<T> help(String newHelp) {
        return new ParamSpec<>(name, kind, javaType, title, newHelp, defaultValue, minimum, maximum, choices);
    }

    /** What it is when it is not sent; without this it is required. */
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

    /** What it is when it is not sent, or null where it is required. */
    public T defaultValue() {
        return defaultValue;
    }

    /** The least allowed number, or null. */
    public Long minimum() {
        return minimum;
    }

    /** The greatest allowed number, or null. */
    public Long maximum() {
        return maximum;
    }

    /** The allowed words; empty where any is. */
    public List<String> choices() {
        return choices;
    }

    /** Whether it must be sent. */
    public boolean required() {
        return defaultValue == null;
    }

    /** What is wrong with a value as it was sent, or null; whether a dataset exists is not looked at. */
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

    private static String problemWithText(Object value, String what) {
        if (!(value instanceof String text)) {
            return what;
        }
        return text.length() <= MAX_TEXT ? null : "must not be longer than " + MAX_TEXT + " characters";
    }

    T cast(Object value) {
        return javaType.cast(value);
    }
}
