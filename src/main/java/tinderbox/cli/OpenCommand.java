package tinderbox.cli;

import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;

/** {@code tinderbox open [JOB]}: opens the page in the browser. */
final class OpenCommand implements ClientCommand {
    @Override
    public String name() {
        return "open";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Open the page of the server, or of a job, in your browser; print its address.");
        spec.addPositional(PositionalParamSpec.builder()
                .type(String.class)
                .paramLabel(ClientSession.ID)
                .index("0")
                .arity("0..1")
                .description("Id of a job.")
                .build());
        ClientSession.addServerOptions(spec);
    }

    @Override
    public int run(ParseResult parsed, ClientSession session) throws ClientException, InterruptedException {
        String server = session.client().server().toString();
        String address = parsed.hasMatchedPositional(0) ? server + "#/jobs/" + session.id() + "/results" : server;
        session.out().println(address);
        session.out().flush();
        boolean isMac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        try {
            new ProcessBuilder(isMac ? "open" : "xdg-open", address)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return ExitCode.OK;
        } catch (IOException e) {
            session.err().println("tinderbox: no browser could be started here; open this address yourself");
            return ExitCode.FAILED;
        }
    }
}
