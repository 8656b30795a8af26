package tinderbox.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;
import tinderbox.client.EditedText;
import tinderbox.client.JobType;
import tinderbox.client.ParamParser;
import tinderbox.client.Problems;
import tinderbox.client.TinderboxClient;

/** {@code tinderbox submit TYPE …}: submits a job, and prints its id. */
final class SubmitCommand implements ClientCommand {
    private static final String NAME_OPTION = "--name";
    static final String LABEL = "--label";
    private static final String FOR_EACH = "--for-each";

    @Override
    public String name() {
        return "submit";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Submit a job, or a run set with --for-each, and print its id. The options of a type are those of its parameters:"
                                + " \"submit word-count --help\" prints them.");
        addParams(spec);
        spec.addOption(ClientSession.text(NAME_OPTION, "TEXT", "Name of the job."));
        spec.addOption(ClientSession.texts(LABEL, "KEY:VALUE", "Label of the job."));
        ClientSession.addJson(spec);
        ClientSession.addServerOptions(spec);
    }

    /** Adds the type of a job and its parameters. */
    static void addParams(CommandSpec spec) {
        // What is no option here may be a parameter of the type.
        spec.parser().unmatchedOptionsArePositionalParams(true);
        spec.addPositional(PositionalParamSpec.builder()
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel("TYPE [INPUT] [--PARAM VALUE]…")
                .hideParamSyntax(true)
                .completionCandidates(List.of("word-count", "concordance", "sql"))
                .arity("1..*")
                .required(true)
                .description("Type, such as word-count or sql, its input or query, and its parameters.")
                .build());
        spec.addOption(ClientSession.texts(
                FOR_EACH,
                "NAME=VALUES",
                "A job for each of these values of a parameter: separated by commas, a JSON list, or @FILE or - with a value"
                        + " on each line."));
    }

    /** Whether many jobs are asked for. */
    static boolean isRunSet(ClientSession session) {
        return session.parsed().hasMatchedOption(FOR_EACH);
    }

    /** The values of the parameters that vary. */
    static Map<String, List<Object>> forEach(ClientSession session, JobType type) throws ClientException {
        return ParamParser.parseForEach(type, session.parsed().matchedOptionValue(FOR_EACH, List.of()), System.in);
    }

    @Override
    public List<JobType> types(ClientSession session) throws ClientException, InterruptedException {
        return JobType.all(session.client());
    }

    @Override
    public int run(ParseResult parsed, ClientSession session) throws ClientException, InterruptedException {
        TinderboxClient client = session.client();
        List<String> words = parsed.matchedPositionalValue(0, List.of());
        JobType type = JobType.find(words.get(0), JobType.all(client));
        Map<String, Object> params = ParamParser.parse(type, words.subList(1, words.size()), System.in);
        Map<String, List<Object>> forEach = forEach(session, type);
        boolean isRunSet = isRunSet(session);
        Map<String, Object> body = body(session, type, params);
        if (isRunSet) {
            body.put("for_each", forEach);
        }
        try {
            TinderboxClient.Reply accepted = client.postOnce(isRunSet ? "api/v1/run-sets" : "api/v1/jobs", body);
            session.out()
                    .println(
                            session.json()
                                    ? accepted.text()
                                    : accepted.object().required(isRunSet ? "run_set_id" : "job_id"));
            return ExitCode.OK;
        } catch (ClientException e) {
            return ClientCommands.report(e, Problems.lines(e, type, texts(type, params), forEach), session.err());
        }
    }

    /** The request for a job. */
    static Map<String, Object> body(ClientSession session, JobType type, Map<String, Object> params) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", type.name());
        body.put("params", params);
        String name = session.parsed().matchedOptionValue(NAME_OPTION, null);
        if (name != null) {
            body.put("name", name);
        }
        body.put("labels", labels(session));
        return body;
    }

    /** The labels that the options give. */
    static Map<String, String> labels(ClientSession session) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String label : session.parsed().<List<String>>matchedOptionValue(LABEL, List.of())) {
            int colon = label.indexOf(':');
            if (colon < 1) {
                throw session.usageError(LABEL + " " + label + " must be KEY:VALUE");
            }
            labels.put(label.substring(0, colon), label.substring(colon + 1));
        }
        return labels;
    }

    private static Map<String, EditedText> texts(JobType type, Map<String, Object> params) {
        Map<String, EditedText> texts = new LinkedHashMap<>();
        for (JobType.Param param : type.params()) {
            if (param.kind().equals("text") && params.get(param.name()) instanceof String text) {
                texts.put(param.name(), new EditedText(text));
            }
        }
        return texts;
    }
}
