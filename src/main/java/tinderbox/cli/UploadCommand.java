package tinderbox.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;
import tinderbox.client.ClientException.Reason;
import tinderbox.client.ProgressLine;
import tinderbox.client.Terminal;
import tinderbox.client.TinderboxClient;

/** {@code tinderbox upload FILE…}: uploads files as datasets. */
final class UploadCommand implements ClientCommand {
    private static final String FOLDER = "--folder";
    private static final String REPLACE = "--replace";

    @Override
    public String name() {
        return "upload";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Upload files, and print the paths by which jobs read them, such as uploads/notes.txt.");
        spec.addPositional(PositionalParamSpec.builder()
                .type(List.class)
                .auxiliaryTypes(Path.class)
                .paramLabel("FILE")
                .arity("1..*")
                .required(true)
                .description("Files to upload.")
                .build());
        spec.addOption(ClientSession.text(
                FOLDER, "FOLDER", "Folder in uploads that gets them, such as \"lesson 1\"; it need not exist."));
        spec.addOption(ClientSession.flag(REPLACE, "Replace an upload of the same name."));
        ClientSession.addJson(spec);
        ClientSession.addServerOptions(spec);
    }

    @Override
    public int run(ParseResult parsed, ClientSession session) throws ClientException, InterruptedException {
        TinderboxClient client = session.client();
        List<Path> files = parsed.matchedPositionalValue(0, List.of());
        for (Path file : files) {
            if (Files.isDirectory(file)) {
                throw new ClientException(
                        Reason.WRONG, file + " is a folder; give its files, such as " + file.resolve("*"));
            }
            if (!Files.isRegularFile(file)) {
                throw new ClientException(Reason.WRONG, file + " is not a file; give the path of one");
            }
        }
        String folder = parsed.matchedOptionValue(FOLDER, "").replaceFirst("/+$", "");
        for (Path file : files) {
            String name = (folder.isEmpty() ? "" : folder + "/") + file.getFileName();
            String path = "api/v1/datasets/uploads/" + TinderboxClient.encoded(name);
            TinderboxClient.Reply reply;
            try (ProgressLine line = new ProgressLine(session.err(), Terminal.columnsOfStandardError(), "connecting")) {
                line.show("uploading " + name);
                reply = client.upload(path + (parsed.hasMatchedOption(REPLACE) ? "?replace=true" : ""), file);
            }
            session.out().println(session.json() ? reply.text() : reply.object().required("path"));
        }
        return ExitCode.OK;
    }
}
