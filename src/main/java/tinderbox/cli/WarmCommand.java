package tinderbox.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.common.LaunchCommand;

/** {@code tinderbox warm [FILE]}: creates the archive of classes that makes starts faster. */
final class WarmCommand {
    static final String NAME = "warm";

    private WarmCommand() {}

    static CommandSpec spec() {
        CommandSpec warm = CommandSpec.create().name(NAME);
        warm.usageMessage()
                .description("Create an archive of the classes that a server loads, once for this JAR and this JDK, and"
                        + " print the command that uses it. A start then takes less than half the time. To find the"
                        + " classes, this runs a server on a free port with a temporary data dir.");
        CommandHelp.addTo(warm);
        warm.addPositional(PositionalParamSpec.builder()
                .type(Path.class)
                .paramLabel("FILE")
                .index("0")
                .arity("0..1")
                .description("The archive to create, about 100 MB. Default: a file next to the JAR.")
                .build());
        return warm;
    }

    /** Runs the command, and returns the exit code. */
    static int run(ParseResult warm) {
        CommandLine commandLine = warm.commandSpec().commandLine();
        PrintWriter err = commandLine.getErr();
        Path chosen = warm.matchedPositionalValue(0, null);
        try {
            create(chosen, commandLine.getOut());
            return ExitCode.OK;
        } catch (AccessDeniedException e) {
            err.println("tinderbox: " + e.getFile() + " cannot be written; choose a file elsewhere: "
                    + LaunchCommand.text() + " warm FILE");
            return ExitCode.UNAVAILABLE;
        } catch (NoSuchFileException e) {
            err.println("tinderbox: the folder of " + chosen + " does not exist; create it, or choose another file");
            return ExitCode.UNAVAILABLE;
        } catch (IOException e) {
            err.println("tinderbox: the archive could not be created: " + e.getMessage());
            return ExitCode.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    private static void create(Path chosen, PrintWriter out) throws IOException, InterruptedException {
        Path jar = CdsArchive.runningJar();
        CdsArchive archive = chosen == null ? CdsArchive.nextTo(jar) : CdsArchive.in(chosen, jar);
        Optional<Path> found = archive.find();
        if (found.isEmpty()) {
            out.println("Preparing faster starts; this takes a while, once for this JAR and this JDK…");
            out.flush();
        }
        Path file = found.isPresent() ? found.get() : CdsTrainer.run(archive);
        archive.deleteStale();
        out.println("The archive is " + file + ". To use it, start the server with");
        out.println("  java '" + String.join("' '", CdsArchive.optionsToUse(file)) + "' -jar " + jar);
        out.println("Another JAR or JDK needs an archive of its own, and ignores this one.");
        out.flush();
    }
}
