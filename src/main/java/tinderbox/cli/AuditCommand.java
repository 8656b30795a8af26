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
import tinderbox.store.DataDir;

/** {@code tinderbox audit verify}: checks that the audit log is as it was written. */
final class AuditCommand {
    static final String NAME = "audit";

    private AuditCommand() {}

    static CommandSpec spec() {
        CommandSpec verify = CommandSpec.create().name("verify");
        verify.usageMessage()
                .description("Check every line of the audit log, and that none is missing between them; report the"
                        + " first bad line. A server may be running. A user who can write the files could also cut off"
                        + " their end or rebuild them; to detect that, compare the last hash with one that you noted"
                        + " elsewhere.")
                .footer(
                        "",
                        "Exit codes: 0 all lines are good, 1 a line is bad or lines are lost, 3 there is no audit"
                                + " log, or it has no lines.");
        CommandHelp.addTo(verify);
        verify.addOption(SettingOptions.setting(Setting.DATA_DIR));
        CommandSpec audit = CommandSpec.create().name(NAME);
        audit.usageMessage().description("Check the audit log: who did what, when and from where.");
        CommandHelp.addTo(audit);
        audit.addSubcommand("verify", verify);
        return audit;
    }

    /** Runs the command, and returns the exit code. */
    static int run(ParseResult audit) throws ConfigException {
        if (!audit.hasSubcommand()) {
            throw new CommandLine.ParameterException(audit.commandSpec().commandLine(), "say what to do: audit verify");
        }
        ParseResult verify = audit.subcommand();
        CommandLine commandLine = verify.commandSpec().commandLine();
        return verify(SettingOptions.loader(verify).load().dataDir(), commandLine.getOut(), commandLine.getErr());
    }

    private static int verify(Path dataDir, PrintWriter out, PrintWriter err) {
        try {
            DataDir.requireKnownFormat(dataDir);
            AuditCheck.Verdict verdict = AuditCheck.run(dataDir);
            if (verdict instanceof AuditCheck.Broken broken) {
                report(broken, err);
                return ExitCode.FAILED;
            }
            AuditCheck.Intact intact = (AuditCheck.Intact) verdict;
            if (intact.lines() == 0) {
                err.println("tinderbox: the audit log in " + dataDir
                        + " has no lines: nothing was done with this data dir, or somebody has emptied the log");
                return ExitCode.UNAVAILABLE;
            }
            report(intact, dataDir, out);
            return intact.lost() == 0 ? ExitCode.OK : ExitCode.FAILED;
        } catch (NoSuchFileException e) {
            err.println("tinderbox: there is no audit log in " + dataDir + "; name the right folder with --data-dir");
            return ExitCode.UNAVAILABLE;
        } catch (DataDir.UnavailableException e) {
            err.println("tinderbox: " + e.getMessage());
            return ExitCode.UNAVAILABLE;
        } catch (IOException e) {
            err.println("tinderbox: the audit log could not be read (" + FileErrors.describe(e)
                    + "); run this as the owner of the data dir");
            return ExitCode.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    private static void report(AuditCheck.Broken broken, PrintWriter err) {
        err.println("tinderbox: " + broken.file() + ", line " + broken.line() + ": it " + broken.why());
        err.println("The " + broken.good()
                + " lines before it are good. Keep a copy of the folder as it is, and compare it with a backup.");
    }

    private static void report(AuditCheck.Intact intact, Path dataDir, PrintWriter out) {
        out.println("All " + intact.lines() + " lines of the audit log in " + dataDir + " are good");
        if (intact.first() > 1) {
            boolean explained =
                    intact.lost() > 0 || intact.notes().stream().anyMatch(note -> note.contains("--max-audit-bytes"));
            out.println("Checked from seq " + intact.first() + " on; the files with the lines before it are missing"
                    + (explained ? "" : ", and the log does not say that it deleted them"));
        }
        intact.notes().forEach(out::println);
        out.println("The last line has seq " + intact.last() + ", hash " + intact.lastHash());
        out.flush();
    }
}
