package tinderbox.client;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tinderbox.client.ClientException.Reason;
import tinderbox.client.JobType.Param;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/**
 * The parameters of a job from the words of a command line: {@code --min-count 5} is its parameter {@code min_count}, and
 * a word without an option its first dataset or text.
 */
public final class ParamParser {
    private static final String TRUE = "true";
    private static final String FALSE = "false";

    /** A query may begin with a comment, so with two hyphens. */
    private static final Pattern OPTION = Pattern.compile("--?[A-Za-z][\\w-]*(=.*)?", Pattern.DOTALL);

    /** Bytes of a text that is read from a file; the server takes less. */
    private static final int MAX_TEXT = 1 << 20;

    private final JobType type;
    private final InputStream in;
    private final Map<String, Object> params = new LinkedHashMap<>();
    private final List<String> words = new ArrayList<>();

    private ParamParser(JobType type, InputStream in) {
        this.type = type;
        this.in = in;
    }

    /**
     * The parameters as a request has them.
     *
     * @param in from which a text is read whose word is {@code -}
     */
    public static Map<String, Object> parse(JobType type, List<String> words, InputStream in) throws ClientException {
        return new ParamParser(type, in).parsed(words);
    }

    /**
     * The values of parameters that vary, as a request has them.
     *
     * @param options each {@code NAME=VALUES}: with commas between them, a JSON list, or {@code @FILE} or {@code -} with a value
     *     on each line
     */
    public static Map<String, List<Object>> parseForEach(JobType type, List<String> options, InputStream in)
            throws ClientException {
        ParamParser parser = new ParamParser(type, in);
        Map<String, List<Object>> forEach = new LinkedHashMap<>();
        for (String option : options) {
            int equals = option.indexOf('=');
            if (equals < 1) {
                throw wrong("--for-each " + Terminal.safe(option) + " must be NAME=VALUE,VALUE,…");
            }
            String name = option.substring(0, equals);
            Param param = parser.named("--" + name.replaceFirst("^--", ""));
            if (param.kind().equals("arguments")) {
                throw wrong(param.option() + " cannot vary; use another parameter");
            }
            List<Object> values = forEach.computeIfAbsent(param.name(), any -> new ArrayList<>());
            for (String value : parser.values(option.substring(equals + 1))) {
                if (param.kind().startsWith("dataset") && value.isBlank()) {
                    throw wrong("--for-each " + Terminal.safe(option)
                            + " has an empty value; give at least one, separated by commas");
                }
                if (param.kind().startsWith("dataset") && value.contains("*")) {
                    throw wrong("--for-each " + param.name() + "=" + Terminal.safe(value)
                            + " names no files, since * has no meaning there; print their"
                            + " paths one a line, and give --for-each " + param.name() + "=-");
                }
                values.add(param.kind().equals("datasets") ? List.of(value) : parser.value(param, value));
            }
        }
        return forEach;
    }

    private List<String> values(String text) throws ClientException {
        if (text.equals("-") || text.startsWith("@")) {
            return text(text).lines().filter(line -> !line.isBlank()).toList();
        }
        if (!text.startsWith("[")) {
            return List.of(text.split(",", -1));
        }
        try {
            Map<String, Object> read = Json.readObject(("{\"list\":" + text + "}").getBytes(StandardCharsets.UTF_8));
            // More members come from what follows the list.
            if (read.size() == 1
                    && read.get("list") instanceof List<?> list
                    && list.stream().allMatch(ParamParser::isOneValue)) {
                return list.stream().map(String::valueOf).toList();
            }
            throw noList(text, null);
        } catch (MalformedJsonException e) {
            throw noList(text, e);
        }
    }

    private static boolean isOneValue(Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    private static ClientException noList(String text, Exception cause) {
        return new ClientException(
                Reason.WRONG,
                "--for-each " + Terminal.safe(text)
                        + " is not a list in JSON of texts, numbers, true and false, such as [\"a,b\",\"c\"]",
                cause);
    }

    private Map<String, Object> parsed(List<String> all) throws ClientException {
        for (int i = 0; i < all.size(); i++) {
            String word = all.get(i);
            if (!OPTION.matcher(word).matches()) {
                words.add(word);
                continue;
            }
            int equals = word.indexOf('=');
            Param param = named(equals < 0 ? word : word.substring(0, equals));
            if (equals >= 0) {
                put(param, word.substring(equals + 1));
            } else if (param.kind().equals("boolean")) {
                put(param, TRUE);
            } else if (i + 1 < all.size()) {
                put(param, all.get(++i));
            } else {
                throw wrong(param.option() + " needs a value");
            }
        }
        putWords();
        return params;
    }

    private Param named(String option) throws ClientException {
        for (Param param : type.params()) {
            if (param.option().equals(option) || ("--" + param.name()).equals(option)) {
                return param;
            }
        }
        throw wrong(type.name() + " has no option " + Terminal.safe(option) + "; it has "
                + String.join(", ", type.params().stream().map(Param::option).toList()));
    }

    private void putWords() throws ClientException {
        if (words.isEmpty()) {
            return;
        }
        Param param = type.positional()
                .orElseThrow(() -> wrong("unexpected argument \"" + Terminal.safe(words.get(0)) + "\"; " + type.name()
                        + " takes options only"));
        if (words.size() > 1 && !param.kind().equals("datasets")) {
            throw wrong("unexpected argument \"" + Terminal.safe(words.get(1)) + "\"; " + type.name() + " takes one "
                    + (param.kind().equals("dataset")
                            ? "file or folder; to read several files, put them into one folder and name that"
                            : "text; quote it"));
        }
        for (String word : words) {
            put(param, word);
        }
    }

    private void put(Param param, String word) throws ClientException {
        switch (param.kind()) {
            case "datasets" -> listOf(param).add(word);
            case "arguments" -> putArgument(param, word);
            default -> {
                if (params.put(param.name(), value(param, word)) != null) {
                    throw wrong(param.option() + " is given twice");
                }
            }
        }
    }

    private Object value(Param param, String word) throws ClientException {
        return switch (param.kind()) {
            case "integer" -> number(param, word);
            case "boolean" -> {
                if (!word.equals(TRUE) && !word.equals(FALSE)) {
                    throw wrong(param.option() + "=" + Terminal.safe(word) + " must be true or false");
                }
                yield word.equals(TRUE);
            }
            case "text" -> text(word);
            default -> word;
        };
    }

    private static Long number(Param param, String word) throws ClientException {
        try {
            return Long.valueOf(word);
        } catch (NumberFormatException e) {
            throw wrong(param.option() + " " + Terminal.safe(word) + " must be a whole number");
        }
    }

    /** The text itself, or that of standard input or of a file. */
    private String text(String word) throws ClientException {
        if (!word.equals("-") && !word.startsWith("@")) {
            return word;
        }
        try (InputStream source = word.equals("-") ? in : Files.newInputStream(Path.of(word.substring(1)))) {
            byte[] text = source.readNBytes(MAX_TEXT + 1);
            if (text.length > MAX_TEXT) {
                throw wrong(Terminal.safe(word) + " is too long: a text has at most 1 MiB");
            }
            return new String(text, StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException e) {
            throw new ClientException(
                    Reason.WRONG,
                    "the text " + Terminal.safe(word) + " cannot be read; after @, give the path of a file",
                    e);
        }
    }

    @SuppressWarnings("unchecked")
    private List<Object> listOf(Param param) {
        return (List<Object>) params.computeIfAbsent(param.name(), name -> new ArrayList<>());
    }

    @SuppressWarnings("unchecked")
    private void putArgument(Param param, String word) throws ClientException {
        int equals = word.indexOf('=');
        if (equals < 1) {
            throw wrong(param.option() + " " + Terminal.safe(word) + " must be NAME=VALUE");
        }
        Map<String, Object> arguments =
                (Map<String, Object>) params.computeIfAbsent(param.name(), name -> new LinkedHashMap<String, Object>());
        String name = word.substring(0, equals);
        if (arguments.containsKey(name)) {
            throw wrong(param.option() + " gives " + Terminal.safe(name) + " twice");
        }
        arguments.put(name, argument(word.substring(equals + 1)));
    }

    /** A number, true, false or null as in JSON; anything else is a text, and so is what is in double quotes. */
    private static Object argument(String text) {
        if (text.equals(TRUE) || text.equals(FALSE)) {
            return text.equals(TRUE);
        }
        if (text.equals("null")) {
            return null;
        }
        if (text.matches("-?(0|[1-9][0-9]{0,17})")) {
            return Long.valueOf(text);
        }
        if (text.matches("-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?")) {
            return new BigDecimal(text);
        }
        return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    private static ClientException wrong(String message) {
        return new ClientException(Reason.WRONG, message);
    }
}
