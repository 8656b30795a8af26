package tinderbox.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;
import tinderbox.client.ClientException.Reason;
import tinderbox.client.EditedText;
import tinderbox.client.JobFollower;
import tinderbox.client.JobType;
import tinderbox.client.JsonObject;
import tinderbox.client.ParamParser;
import tinderbox.client.Problems;
import tinderbox.client.ProgressLine;
import tinderbox.client.RunSetFollower;
import tinderbox.client.Terminal;
import tinderbox.client.TinderboxClient;
import tinderbox.common.FileErrors;
import tinderbox.config.ConfigException;
import tinderbox.jobtype.JobTypes;
import tinderbox.jobtype.ParamSpec;

/** {@code tinderbox run TYPE …}: runs one job without a server, on files of this machine. */
final class RunCommand implements ClientCommand {
    static final String NAME = "run";

    /** How long the tasks of a cancelled job may take to stop. */
    private static final Duration CANCEL_LIMIT = Duration.ofSeconds(10);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Run one job here, or many with --for-each, without a server, and print its result. Inputs are files and folders of this"
                                + " machine, in a query too: FROM `trips.csv`. \"run word-count --help\" prints the"
                                + " options of that type.");
        SubmitCommand.addParams(spec);
        ResultOutput.addOptions(spec);
    }

    /** Those that come with Tinderbox. */
    @Override
    public List<JobType> types(ClientSession session) {
        List<JobType> types = new ArrayList<>();
        for (tinderbox.jobtype.JobType<?> type : JobTypes.builtIn()) {
            types.add(JobType.of(new JsonObject(Map.of(
                    "type", type.name(),
                    "description", type.description(),
                    "params", type.params().stream().map(RunCommand::describe).toList()))));
        }
        return types;
    }

    private static Map<String, Object> describe(ParamSpec<?> spec) {
        Map<String, Object> param = new HashMap<>(Map.of(
                "name", spec.name(),
                "help", spec.help(),
                "kind", spec.kind().code(),
                "choices", spec.choices()));
        param.put("default", spec.defaultValue());
        param.put("minimum", spec.minimum());
        param.put("maximum", spec.maximum());
        return param;
    }

    @Override
    public int run(ParseResult parsed, ClientSession session) throws ClientException, InterruptedException {
        Optional<String> tooSmall = Preflight.tooSmall(Runtime.getRuntime().maxMemory());
        if (tooSmall.isPresent()) {
            throw new ClientException(Reason.WRONG, tooSmall.get());
        }
        List<String> words = parsed.matchedPositionalValue(0, List.of());
        JobType type = JobType.find(words.get(0), types(session));
        ResultOutput output = new ResultOutput(session);
        Map<String, Object> params = ParamParser.parse(type, words.subList(1, words.size()), System.in);
        LocalInputs files = new LocalInputs();
        Map<String, List<Object>> forEach = SubmitCommand.forEach(session, type);
        if (SubmitCommand.isRunSet(session)) {
            output.checkRunSet();
        }
        Map<String, EditedText> texts = files.replaceIn(type, params);
        files.replaceInEach(type, params, forEach);
        // What the server prints must not get between the rows.
        System.setOut(System.err);
        int code = ExitCode.FAILED;
        Run run = new Run(session, type, params, forEach, texts, output);
        try {
            code = run.toEnd(files.roots());
        } catch (ConfigException e) {
            code = UsageErrors.report(e, session.err());
        } catch (ClientException e) {
            code = ClientCommands.report(e, Problems.lines(e, type, texts, forEach), session.err());
        } catch (IOException e) {
            session.err().println("tinderbox: the job could not be run here: " + FileErrors.describe(e));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            session.err().println("tinderbox: the job could not be run here: " + e);
        } finally {
            boolean readerHasGone = session.out().checkError();
            run.end(readerHasGone ? ExitCode.BROKEN_PIPE : code);
        }
        return code;
    }

    /** One job, from the start of its server to the end of the process. */
    private static final class Run {
        private final ClientSession session;
        private final JobType type;
        private final Map<String, Object> params;
        /** Empty for one job. */
        private final Map<String, List<Object>> forEach;

        private final Map<String, EditedText> texts;
        private final ResultOutput output;
        private final AtomicBoolean signalled = new AtomicBoolean();
        private volatile Path dataDir;
        private volatile TinderboxClient client;
        private volatile String id;

        Run(
                ClientSession session,
                JobType type,
                Map<String, Object> params,
                Map<String, List<Object>> forEach,
                Map<String, EditedText> texts,
                ResultOutput output) {
            this.session = session;
            this.type = type;
            this.params = params;
            this.forEach = forEach;
            this.texts = texts;
            this.output = output;
        }

        int toEnd(Map<Path, String> roots) throws Exception {
            JsonObject ended;
            try (ProgressLine line =
                    new ProgressLine(session.err(), Terminal.columnsOfStandardError(), "starting Spark")) {
                StopSignals.onEach(code -> cancel(code, line));
                dataDir = LocalServer.newDataDir(System.getenv());
                LocalServer server = LocalServer.start(dataDir, roots);
                client = TinderboxClient.of(server.url().toString(), server.secret(), null);
                Map<String, Object> body = SubmitCommand.body(session, type, params);
                if (!forEach.isEmpty()) {
                    body.put("for_each", forEach);
                }
                id = client.postOnce(forEach.isEmpty() ? "api/v1/jobs" : "api/v1/run-sets", body)
                        .object()
                        .required(forEach.isEmpty() ? "job_id" : "run_set_id");
                ended = awaitEnd(line, JobFollower.NO_LIMIT);
            } finally {
                awaitEndIfSignalled();
            }
            if (!forEach.isEmpty()) {
                // Each row says what became of its job.
                output.printRunSet(client, id);
                return WaitCommand.report(ended, new RunSetFollower(client, id), session);
            }
            int code = WaitCommand.report(ended, texts, session);
            if (code == ExitCode.OK) {
                output.print(client, id);
            }
            return code;
        }

        private JsonObject awaitEnd(ProgressLine line, Duration limit) throws ClientException, InterruptedException {
            return forEach.isEmpty()
                    ? new JobFollower(client, id, line::show).toEnd(limit)
                    : new RunSetFollower(client, id).toEnd(limit, line::show);
        }

        /** At a signal: cancels the job, removes the data dir and ends the process; at once at another signal. */
        private void cancel(int code, ProgressLine line) {
            if (!signalled.compareAndSet(false, true)) {
                Runtime.getRuntime().halt(code);
            }
            line.close();
            try {
                if (id != null) {
                    client.post((forEach.isEmpty() ? "api/v1/jobs/" + id : RunSetFollower.path(id)) + "/cancel", null);
                    awaitEnd(line, CANCEL_LIMIT);
                }
                session.err().println("tinderbox: cancelled");
            } catch (ClientException e) {
                // It has ended, or does not stop; the process ends anyway.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            halt(code);
        }

        /** The thread that cancels ends the process. */
        private void awaitEndIfSignalled() throws InterruptedException {
            if (signalled.get()) {
                Thread.sleep(2 * CANCEL_LIMIT.toMillis());
            }
        }

        /** Ends the process. Spark's and Hadoop's shutdown hooks would only tidy up what is removed here. */
        void end(int code) throws InterruptedException {
            awaitEndIfSignalled();
            halt(code);
        }

        /** Standard output is not flushed here: after a signal, its reader may never take what is left. */
        private void halt(int code) {
            session.err().flush();
            output.removePart();
            if (dataDir != null) {
                LocalServer.remove(dataDir);
            }
            Runtime.getRuntime().halt(code);
        }
    }
}
