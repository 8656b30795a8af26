package tinderbox.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.client.ClientException;
import tinderbox.client.ClientException.Reason;
import tinderbox.client.RunSetFollower;
import tinderbox.client.TinderboxClient;

/** What a client's command works with: the server, and the streams of the process. */
final class ClientSession {
    static final String SERVER = "--server";
    static final String CACERT = "--cacert";
    static final String JSON = "--json";
    static final String ID = "JOB";

    private static final String URL_VARIABLE = "TINDERBOX_URL";
    private static final String TOKEN_VARIABLE = "TINDERBOX_TOKEN";
    private static final String DEFAULT_SERVER = "http://127.0.0.1:8080";
    private static final Pattern JOB_ID = Pattern.compile("[0-9a-fA-F-]{1,64}");

    private final ParseResult parsed;
    private final Map<String, String> environment;

    ClientSession(ParseResult parsed, Map<String, String> environment) {
        this.parsed = parsed;
        this.environment = environment;
    }

    /** Adds the options that say which server to use. */
    static void addServerOptions(CommandSpec spec) {
        spec.addOption(OptionSpec.builder(SERVER)
                .type(String.class)
                .paramLabel("URL")
                .description("Address of the server.")
                .build());
        spec.addOption(cacert());
        spec.usageMessage()
                .footer(
                        "",
                        "Without --server: $TINDERBOX_URL, or " + DEFAULT_SERVER + ".",
                        "The token is in $TINDERBOX_TOKEN.");
    }

    static OptionSpec cacert() {
        return OptionSpec.builder(CACERT)
                .type(Path.class)
                .paramLabel("FILE")
                .description("Certificates to trust, in PEM.")
                .build();
    }

    /** Adds the option to print what the server sends. */
    static void addJson(CommandSpec spec) {
        spec.addOption(flag(JSON, "Print the server's response, as JSON."));
    }

    static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build();
    }

    /** An option with a text. */
    static OptionSpec text(String name, String label, String description) {
        return OptionSpec.builder(name)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
    }

    /** An option with texts, which may be repeated. */
    static OptionSpec texts(String name, String label, String description) {
        return OptionSpec.builder(name)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description + " Repeatable.")
                .build();
    }

    /** The ids of jobs. */
    static PositionalParamSpec jobs() {
        return PositionalParamSpec.builder()
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(ID)
                .arity("1..*")
                .required(true)
                .description("Ids of jobs; status, wait and cancel take those of run sets too.")
                .build();
    }

    /** The id of one job. */
    static PositionalParamSpec job() {
        return PositionalParamSpec.builder()
                .type(String.class)
                .paramLabel(ID)
                .index("0")
                .arity("1")
                .required(true)
                .description("Id of a job.")
                .build();
    }

    /** The server that the options and the environment name. */
    TinderboxClient client() throws ClientException {
        String token = environment.getOrDefault(TOKEN_VARIABLE, "");
        return TinderboxClient.of(server(), token.isEmpty() ? null : token, parsed.matchedOptionValue(CACERT, null));
    }

    private String server() {
        String variable = environment.getOrDefault(URL_VARIABLE, "");
        return parsed.matchedOptionValue(SERVER, variable.isEmpty() ? DEFAULT_SERVER : variable);
    }

    ParseResult parsed() {
        return parsed;
    }

    boolean json() {
        return parsed.hasMatchedOption(JSON);
    }

    /** The one job that the command names. */
    String id() throws ClientException {
        return checked(parsed.matchedPositionalValue(0, ""));
    }

    /** The jobs that the command names. */
    List<String> ids() throws ClientException {
        List<String> ids = parsed.matchedPositionalValue(0, List.of());
        for (String id : ids) {
            checked(id);
        }
        return ids;
    }

    /** Whether an id is that of a run set, not of a job. */
    boolean isRunSet(TinderboxClient client, String id) throws ClientException, InterruptedException {
        try {
            client.get("api/v1/jobs/" + id);
            return false;
        } catch (ClientException e) {
            if (e.reason() == Reason.NOT_FOUND
                    && RunSetFollower.find(client, id).isPresent()) {
                return true;
            }
            throw e;
        }
    }

    private static String checked(String id) throws ClientException {
        if (!JOB_ID.matcher(id).matches()) {
            throw new ClientException(
                    Reason.WRONG, "\"" + id + "\" is not the id of a job; tinderbox list prints them");
        }
        return id;
    }

    PrintWriter out() {
        return parsed.commandSpec().commandLine().getOut();
    }

    PrintWriter err() {
        return parsed.commandSpec().commandLine().getErr();
    }

    /** A number that an option gives, or a default. */
    long number(String option, long min, long max, long byDefault) {
        String text = parsed.matchedOptionValue(option, null);
        if (text == null) {
            return byDefault;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw usageError(option + " " + text + " must be a whole number from " + min + " to " + max);
    }

    CommandLine.ParameterException usageError(String problem) {
        return new CommandLine.ParameterException(parsed.commandSpec().commandLine(), problem);
    }
}
