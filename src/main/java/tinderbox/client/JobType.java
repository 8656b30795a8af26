package tinderbox.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A type of job, with its parameters.
 *
 * @param name in requests and on the command line
 */
public record JobType(String name, String description, List<Param> params) {
    private static final List<String> POSITIONAL_KINDS = List.of("dataset", "datasets", "text", "string");

    public JobType {
        params = List.copyOf(params);
    }

    /**
     * A parameter.
     *
     * @param kind as in the API, such as {@code integer}
     * @param values what it may be, in words; empty if its kind says that
     * @param defaultText its default; empty if there is none
     */
    public record Param(String name, String help, String kind, String values, String defaultText) {
        /** Its option on the command line. */
        public String option() {
            return "--" + name.replace('_', '-');
        }
    }

    /** All types of a server. */
    public static List<JobType> all(TinderboxClient client) throws ClientException, InterruptedException {
        List<JobType> types = new ArrayList<>();
        for (JsonObject type : client.get("api/v1/job-types").objects()) {
            types.add(of(type));
        }
        return types;
    }

    /** The type that the API describes so. */
    public static JobType of(JsonObject type) {
        return new JobType(
                Terminal.safe(type.shown("type")),
                type.shown("description"),
                type.objects("params").stream().map(JobType::param).toList());
    }

    private static Param param(JsonObject param) {
        String range = param.has("minimum") ? param.shown("minimum") + " to " + param.shown("maximum") : "";
        String choices = String.join(", ", param.texts("choices"));
        Object byDefault = param.members().get("default");
        return new Param(
                Terminal.safe(param.shown("name")),
                param.shown("help"),
                param.shown("kind"),
                choices.isEmpty() ? range : choices,
                byDefault == null ? "" : String.valueOf(byDefault));
    }

    /** The one of these types that has this name. */
    public static JobType find(String name, List<JobType> types) throws ClientException {
        return types.stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ClientException(
                        ClientException.Reason.WRONG,
                        "there is no job type \"" + Terminal.safe(name) + "\"; the types are "
                                + String.join(
                                        ", ", types.stream().map(JobType::name).toList())));
    }

    /** The parameter that arguments without an option are for: the first that is a dataset or a text. */
    Optional<Param> positional() {
        return params.stream()
                .filter(param -> POSITIONAL_KINDS.contains(param.kind()))
                .findFirst();
    }

    /** What the type does, and its parameters, in lines of at most 80 columns. */
    public List<String> help() {
        List<String> lines = new ArrayList<>(wrapped(description, "", ""));
        for (Param param : params) {
            boolean positional = positional().filter(param::equals).isPresent();
            String value =
                    param.kind().equals("boolean") ? "" : param.kind().equals("arguments") ? " NAME=VALUE" : " VALUE";
            String text = param.help()
                    + (param.values().isEmpty() ? "" : " " + param.values() + ".")
                    + (param.defaultText().isEmpty()
                                    || param.kind().equals("boolean")
                                    || param.kind().equals("arguments")
                            ? ""
                            : " Default: " + param.defaultText() + ".")
                    + (positional ? " Also without the option." : "");
            lines.addAll(wrapped(text.strip(), "  " + param.option() + value, " ".repeat(26)));
        }
        return lines;
    }

    private static List<String> wrapped(String text, String begin, String indent) {
        List<String> lines = new ArrayList<>();
        String pad = begin.length() < indent.length() ? begin + indent.substring(begin.length()) : begin + "  ";
        StringBuilder line = new StringBuilder(pad);
        boolean isEmpty = true;
        for (String word : Terminal.safe(text).split(" +", -1)) {
            if (!isEmpty && line.length() + 1 + word.length() > 80) {
                lines.add(line.toString());
                line = new StringBuilder(indent);
                isEmpty = true;
            }
            line.append(isEmpty ? "" : " ").append(word);
            isEmpty = false;
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }
}
