package tinderbox.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tinderbox.client.JobType.Param;

/** What is wrong, in lines for a terminal. */
public final class Problems {
    private static final String PARAMS = "params.";

    /** A value of a parameter that varies in a run set. */
    private static final Pattern VARYING = Pattern.compile("for_each\\.([^\\[]+)\\[(\\d+)\\].*");

    /** The end of a hint that names a request. */
    private static final Pattern FOR_PROGRAMS = Pattern.compile("; GET /api/[^;]*$");

    private Problems() {}

    /** What a server refused, or why it could not be asked. */
    public static List<String> lines(ClientException e) {
        return lines(e, null, Map.of(), Map.of());
    }

    /**
     * As above, for a job or a run set.
     *
     * @param type names its parameters; null if it is not known
     * @param texts those of its parameters that are texts
     * @param forEach the values of its parameters that vary; empty for a job
     */
    public static List<String> lines(
            ClientException e, JobType type, Map<String, EditedText> texts, Map<String, List<Object>> forEach) {
        List<String> lines = new ArrayList<>();
        for (JsonObject error : e.errors()) {
            String field = error.shown("field");
            lines.add(said(named(field, type, forEach) + " " + error.shown("message")));
            lines.addAll(place(error, texts.get(field.replaceFirst("^params\\.", ""))));
        }
        return lines.isEmpty() ? List.of(said(String.valueOf(e.getMessage()))) : lines;
    }

    /** Why a job failed: its {@code error}. */
    public static List<String> ofJob(JsonObject error, Map<String, EditedText> texts) {
        String hint = error.has("hint") ? error.shown("hint") : "";
        List<String> lines = new ArrayList<>();
        lines.add(said(error.shown("message") + (hint.isEmpty() ? "" : "; " + hint)));
        // A job has one text at most that can have places.
        texts.values().stream().limit(1).forEach(text -> lines.addAll(place(error, text)));
        return lines;
    }

    /** What a server says to programs, as it helps somebody at a terminal. */
    private static String said(String text) {
        return Terminal.safe(FOR_PROGRAMS.matcher(text).replaceAll(""))
                .replace("send it with ?replace=true", "give --replace");
    }

    private static List<String> place(JsonObject error, EditedText text) {
        return text == null || !error.has("position") ? List.of() : text.marked(error.object("position"));
    }

    private static String named(String field, JobType type, Map<String, List<Object>> forEach) {
        Matcher varying = VARYING.matcher(field);
        if (varying.matches() && forEach.containsKey(varying.group(1))) {
            Object value = forEach.get(varying.group(1)).get(Integer.parseInt(varying.group(2)));
            return "--for-each " + varying.group(1).replace('_', '-') + "="
                    + RunSetFollower.shortened(String.valueOf(value));
        }
        if (type == null || !field.startsWith(PARAMS)) {
            return field;
        }
        String name = field.substring(PARAMS.length());
        return type.params().stream()
                .filter(param -> param.name().equals(name))
                .findFirst()
                .map(Param::option)
                .orElse(field);
    }
}
