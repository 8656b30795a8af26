package tinderbox.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.common.FileErrors;
import tinderbox.config.ConfigException;
import tinderbox.config.Setting;
import tinderbox.store.Backup;
import tinderbox.store.DataDir;

/** {@code tinderbox backup FILE}: copies the data dir to a ZIP file. */
final class BackupCommand {
    static final String NAME = "backup";

    private BackupCommand() {}

    static CommandSpec spec() {
        CommandSpec backup = CommandSpec.create().name(NAME);
        backup.usageMessage()
                .description("Copy the data dir to a ZIP file; a server may be running on it. To restore, extract the"
                        + " file into an empty folder, and start a server with that folder as its --data-dir.");
        CommandHelp.addTo(backup);
        backup.addPositional(PositionalParamSpec.builder()
                .type(Path.class)
                .paramLabel("FILE")
                .index("0")
                .required(true)
                .arity("1")
                .description("The ZIP file to write; it must not exist yet.")
                .build());
        backup.addOption(SettingOptions.setting(Setting.DATA_DIR));
        return backup;
    }

    /** Runs the command, and returns the exit code. */
    static int run(ParseResult backup) throws ConfigException {
        CommandLine commandLine = backup.commandSpec().commandLine();
        Path file = backup.matchedPositionalValue(0, Path.of("")).toAbsolutePath();
        Path dataDir = SettingOptions.loader(backup).load().dataDir();
        try {
            return copy(dataDir, file, commandLine.getOut(), commandLine.getErr());
        } catch (NotDirectoryException e) {
            commandLine
                    .getErr()
                    .println("tinderbox: " + e.getFile()
                            + " has no folder active, so no server has used it as its data dir; name the right one with"
                            + " --data-dir");
            return ExitCode.UNAVAILABLE;
        } catch (DataDir.UnavailableException e) {
            commandLine.getErr().println("tinderbox: " + e.getMessage());
            return ExitCode.UNAVAILABLE;
        } catch (IOException e) {
            commandLine.getErr().println("tinderbox: " + problem(e, file));
            return ExitCode.FAILED;
        }
    }

    private static int copy(Path dataDir, Path file, PrintWriter out, PrintWriter err) throws IOException {
        Backup.Copy copy = Backup.write(dataDir, file);
        out.println("Copied " + copy.jobs() + " jobs from " + dataDir + " to " + file);
        copy.leftOut().forEach(name -> out.println("Left out " + name));
        out.flush();
        copy.missing().forEach(name -> err.println("tinderbox: the copy lacks " + name + "; make another copy"));
        return copy.missing().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static String problem(IOException e, Path file) {
        if (e instanceof FileAlreadyExistsException exists) {
            return exists.getFile() + " exists already; choose another file, or remove it";
        }
        if (e instanceof NoSuchFileException) {
            return "there is no folder " + file.getParent() + "; create it, or choose another file";
        }
        if (e instanceof AccessDeniedException denied) {
            return "no copy was made: this user may not read or write " + denied.getFile()
                    + "; run this as the owner of the data dir";
        }
        if (e instanceof FileSystemException) {
            return "no copy was made: " + e.getMessage()
                    + "; choose another file, or repair the data dir, and try again";
        }
        return "the copy could not be written (" + FileErrors.describe(e)
                + "); check that the disk has space and that you may write there";
    }
}
