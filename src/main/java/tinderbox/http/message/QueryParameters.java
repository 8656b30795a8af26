package tinderbox.http.message;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;

/**
 * The query parameters of a request. A handler reads the ones it needs, then calls {@link #check}, which reports all
 * problems together. Until then a wrong value counts as absent.
 */
public final class QueryParameters {
    /** Stricter than Java's parser, which accepts +1 and the digits of other scripts. */
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");

    private final Map<String, List<String>> sent = new LinkedHashMap<>();
    private final List<String> allowed;
    private final Set<String> read = new HashSet<>();
    private final List<FieldProblem> problems = new ArrayList<>();

    /**
     * Parses the query of a URL.
     *
     * @param raw without the question mark
     * @param allowed every parameter that the endpoint takes
     */
    public QueryParameters(String raw, List<String> allowed) {
        this.allowed = allowed;
        for (String pair : raw.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = PercentCodec.decodeQuery(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : PercentCodec.decodeQuery(pair.substring(equals + 1));
                sent.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
            }
        }
    }

    /** No parameters, no matter what the URL says. */
    public static QueryParameters none() {
        return new QueryParameters("", List.of());
    }

    /** True if the endpoint takes no parameters. */
    public boolean allowsNone() {
        return allowed.isEmpty();
    }

    /** True if a parameter is present. */
    public boolean has(String name) {
        return sent.containsKey(name);
    }

    /** A text, or null if it is absent or empty. */
    public String text(String name) {
        String value = single(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** A text of a certain form, or null if it is absent. Unlike any text, an empty one has the wrong form. */
    public String formed(String name) {
        return single(name);
    }

    /** A whole number from {@code minimum} to {@code maximum}. */
    public long number(String name, long defaultValue, long minimum, long maximum) {
        String value = single(name);
        if (value == null) {
            return defaultValue;
        }
        if (WHOLE.matcher(value).matches()) {
            long number = Long.parseLong(value);
            if (number >= minimum && number <= maximum) {
                return number;
            }
        }
        problem(name, "must be a whole number from " + minimum + " to " + maximum);
        return defaultValue;
    }

    /** A time such as 2026-01-05T10:00:00Z, or null if it is absent. */
    public Instant instant(String name) {
        String value = single(name);
        if (value == null) {
            return null;
        }
        try {
            return Instant.parse(value);
        } catch (DateTimeParseException e) {
            problem(name, "must be a time such as 2026-01-05T10:00:00Z or 2026-01-05T11:00:00%2B01:00");
            return null;
        }
    }

    /** A flag; the name alone means true. */
    public boolean flag(String name) {
        String value = single(name);
        if (value == null) {
            return false;
        }
        if (!List.of("", "1", "true", "0", "false").contains(value)) {
            problem(name, "must be 1 or 0");
        }
        return !List.of("0", "false").contains(value);
    }

    /** One of several words, or null if it is absent. */
    public String choice(String name, List<String> words) {
        String value = single(name);
        if (value == null || words.contains(value)) {
            return value;
        }
        problem(name, "must be one of " + String.join(", ", words));
        return null;
    }

    /** One of the names of an enum. */
    public <E extends Enum<E>> E choice(String name, Class<E> type, E defaultValue) {
        String value = choice(name, names(type));
        return value == null ? defaultValue : Enum.valueOf(type, value);
    }

    /** Any of the names of an enum, in upper or lower case; the parameter may be repeated. */
    public <E extends Enum<E>> Set<E> choices(String name, Class<E> type) {
        read.add(name);
        Set<E> chosen = EnumSet.noneOf(type);
        for (String value : sent.getOrDefault(name, List.of())) {
            String upper = value.toUpperCase(Locale.ROOT);
            if (names(type).contains(upper)) {
                chosen.add(Enum.valueOf(type, upper));
            } else {
                problem(name, "must be one of " + String.join(", ", names(type)));
            }
        }
        return chosen;
    }

    /** The values of a parameter that may be repeated. */
    public List<String> texts(String name, int max) {
        read.add(name);
        List<String> values = sent.getOrDefault(name, List.of());
        if (values.size() > max) {
            problem(name, "must be there at most " + max + " times");
            return List.of();
        }
        return values;
    }

    /**
     * The URL of the same request with another value of one parameter, and without some others.
     *
     * @param path the path of the request
     */
    public String link(String path, String name, String value, List<String> without) {
        StringBuilder link = new StringBuilder(path).append('?');
        sent.forEach((other, values) -> {
            if (!other.equals(name) && !without.contains(other)) {
                values.forEach(each -> link.append(PercentCodec.encodeSegment(other))
                        .append('=')
                        .append(PercentCodec.encodeSegment(each))
                        .append('&'));
            }
        });
        return link.append(name)
                .append('=')
                .append(PercentCodec.encodeSegment(value))
                .toString();
    }

    /** Adds a problem that a handler has found with a parameter. */
    public void reject(String name, String message) {
        problem(name, message);
    }

    /** Reports a problem if a parameter is absent. */
    public void require(String name) {
        if (text(name) == null) {
            problem(name, "is required");
        }
    }

    private static <E extends Enum<E>> List<String> names(Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
    }

    private String single(String name) {
        read.add(name);
        List<String> values = sent.getOrDefault(name, List.of());
        if (values.size() > 1) {
            problem(name, "must be there only once");
            return null;
        }
        return values.isEmpty() ? null : values.get(0);
    }

    private void problem(String name, String message) {
        FieldProblem problem = new FieldProblem(name, message);
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /**
     * Reports the problems.
     *
     * @throws JobException {@link ErrorCode#BAD_QUERY} with every problem, including parameters that nobody read
     */
    public void check() {
        for (String name : sent.keySet()) {
            if (!allowed.contains(name)) {
                problem(
                        name,
                        allowed.isEmpty() ? "is unknown; this endpoint takes none" : "is unknown; " + allowedNames());
            } else if (!read.contains(name)) {
                problem(name, "does not go with the other parameters or the Accept header of this request");
            }
        }
        if (!problems.isEmpty()) {
            String summary = problems.stream()
                    .map(problem -> problem.field() + " " + problem.message())
                    .collect(Collectors.joining("; "));
            throw new JobException(ErrorCode.BAD_QUERY, "The query is wrong: " + summary, problems);
        }
    }

    private String allowedNames() {
        return "this endpoint takes " + String.join(", ", allowed);
    }
}
