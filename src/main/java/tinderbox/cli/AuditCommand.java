package tinderbox.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.common.FileErrors;
import tinderbox.config.ConfigException;
import tinderbox.config.Setting;
import tinderbox.security.audit.AuditCheck;

/** {@code tinderbox audit verify}: whether the audit log is as it was written. */
final class AuditCommand {
    static final String NAME = "audit";

    private AuditCommand() {}

    static CommandSpec spec() {
        CommandSpec verify = CommandSpec.create().name("verify");
        verify.usageMessage()
                .description("Check every line of the audit log and that none is missing between them, also while a"
                        + " server writes it; name the first bad line. Whoever can write the files can also leave off"
                        + " their end or rebuild them: compare the last hash with one that was noted elsewhere.")
                .footer(
                        "",
                        "Exit codes: 0 all lines are good, 1 one is not or some are lost, 3 there is no audit log or"
                                + " no line in it.");
        verify.mixinStandardHelpOptions(true);
        verify.addOption(SettingOptions.setting(Setting.DATA_DIR));
        CommandSpec audit = CommandSpec.create().name(NAME);
        audit.usageMessage().description("Look after the audit log: who did what, when and from where.");
        audit.mixinStandardHelpOptions(true);
        audit.addSubcommand("verify", verify);
        return audit;
    }

    /** Runs the command, and returns the exit code. */
    static int run(ParseResult audit) throws ConfigException {
        if (!audit.hasSubcommand()) {
            throw new CommandLine.ParameterException(
                    audit.commandSpec().commandLine(), "say what to do with the audit log: audit verify");
        }
        ParseResult verify = audit.subcommand();
        CommandLine commandLine = verify.commandSpec().commandLine();
        return verify(SettingOptions.loader(verify).load().dataDir(), commandLine.getOut(), commandLine.getErr());
    }

    private static int verify(Path dataDir, PrintWriter out, PrintWriter err) {
        try {
            AuditCheck.Verdict verdict = AuditCheck.run(dataDir);
            if (verdict instanceof AuditCheck.Broken broken) {
                tell(broken, err);
                return ExitCode.FAILED;
            }
            AuditCheck.Intact intact = (AuditCheck.Intact) verdict;
            if (intact.lines() == 0) {
                err.println("tinderbox: the audit log in " + dataDir
                        + " has no lines: nothing was done with this data dir," + " or somebody has emptied the log");
                return ExitCode.UNAVAILABLE;
            }
            tell(intact, dataDir, out);
            return intact.lost() == 0 ? ExitCode.OK : ExitCode.FAILED;
        } catch (NoSuchFileException e) {
            err.println("tinderbox: there is no audit log in " + dataDir + "; name the right folder with --data-dir");
            return ExitCode.UNAVAILABLE;
        } catch (IOException e) {
            err.println(
                    "tinderbox: the audit log could not be read (" + FileErrors.describe(e) + "); may you read it?");
            return ExitCode.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    private static void tell(AuditCheck.Broken broken, PrintWriter err) {
        err.println("tinderbox: " + broken.file() + ", line " + broken.line() + ": it " + broken.why());
        err.println("The " + broken.good()
                + " lines before it are good. Keep a copy of the folder as it is, and compare it" + " with a backup.");
    }

    private static void tell(AuditCheck.Intact intact, Path dataDir, PrintWriter out) {
        out.println("All " + intact.lines() + " lines of the audit log in " + dataDir + " are good");
        if (intact.first() > 1) {
            boolean isSaid =
                    intact.lost() > 0 || intact.notes().stream().anyMatch(note -> note.contains("--max-audit-bytes"));
            out.println("Verified from seq " + intact.first() + " on; the files with the lines before it are not there"
                    + (isSaid ? "" : ", and the log does not say that it deleted them"));
        }
        intact.notes().forEach(out::println);
        out.println("The last is seq " + intact.last() + ", hash " + intact.lastHash());
        out.flush();
    }
}
