package tinderbox.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.client.ClientException;
import tinderbox.client.ClientException.Reason;
import tinderbox.client.ResultFormat;
import tinderbox.client.ResultPrinter;
import tinderbox.client.TinderboxClient;
import tinderbox.common.FileErrors;

/** The options that say how the rows of a result are printed, and to which file. */
final class ResultOutput {
    private static final String FORMAT = "--format";
    private static final String TOP = "--top";
    private static final String OUT = "--out";
    private static final String FILTER = "--filter";
    private static final String SORT = "--sort";

    private final ClientSession session;
    private final ResultFormat format;
    private final Path file;
    private final ResultPrinter.Rows rows;
    /** What becomes the file; null until it is written. */
    private volatile Path part;

    /** Checks the options. */
    ResultOutput(ClientSession session) {
        ParseResult parsed = session.parsed();
        this.session = session;
        this.file = parsed.matchedOptionValue(OUT, null);
        this.format = format(session, file);
        this.rows = new ResultPrinter.Rows(
                session.number(TOP, 1, Long.MAX_VALUE, 0),
                parsed.matchedOptionValue(FILTER, List.of()),
                parsed.matchedOptionValue(SORT, null));
        if (format == ResultFormat.PARQUET && (file == null || rows.top() > 0)) {
            throw session.usageError(
                    file == null ? "Parquet needs a file; give " + OUT : "Parquet takes no " + TOP + "; use " + FILTER);
        }
    }

    static void addOptions(CommandSpec spec) {
        spec.addOption(OptionSpec.builder(FORMAT)
                .type(String.class)
                .paramLabel("FORMAT")
                .completionCandidates(ResultFormat.codes())
                .description("table, csv, json, ndjson or parquet. Default: table, or what the name of the file says.")
                .build());
        spec.addOption(ClientSession.text(TOP, "N", "Only the first N rows. A table has 50 by default."));
        spec.addOption(OptionSpec.builder("-o", OUT)
                .type(Path.class)
                .paramLabel("FILE")
                .description("Write the rows to this file.")
                .build());
        spec.addOption(ClientSession.texts(FILTER, "COLUMN:OP:VALUE", "Only rows like count:gt:9."));
        spec.addOption(ClientSession.text(SORT, "COLUMNS", "Sort by these, such as -count,word."));
    }

    private static ResultFormat format(ClientSession session, Path file) {
        String code = session.parsed().matchedOptionValue(FORMAT, null);
        if (code != null) {
            return ResultFormat.ofCode(code)
                    .orElseThrow(() -> session.usageError(
                            FORMAT + " " + code + " must be one of " + String.join(", ", ResultFormat.codes())));
        }
        if (file == null) {
            return ResultFormat.TABLE;
        }
        String name = file.toString().toLowerCase(Locale.ROOT);
        // Not a table by default: it has the first rows only, which is easily missed in a file.
        return ResultFormat.ofCode(name.substring(name.lastIndexOf('.') + 1))
                .orElseThrow(() ->
                        session.usageError("the name " + file + " does not say the format; end it with .csv, .json,"
                                + " .ndjson or .parquet, or give " + FORMAT));
    }

    /** Prints the result of a job. */
    void print(TinderboxClient client, String id) throws ClientException, InterruptedException {
        print(new ResultPrinter(client, id, rows), format);
    }

    /** Checks that the results of a run set can be printed so. */
    void checkRunSet() {
        boolean isTable = format == ResultFormat.TABLE && session.parsed().hasMatchedOption(FORMAT);
        if (isTable || format == ResultFormat.PARQUET) {
            throw session.usageError("the results of a run set can be csv, json or ndjson; correct " + FORMAT);
        }
        if (!rows.filters().isEmpty() || rows.sort() != null) {
            throw session.usageError("the results of a run set take neither " + FILTER + " nor " + SORT);
        }
    }

    /** Prints the results of a run set; {@link #checkRunSet} comes before. */
    void printRunSet(TinderboxClient client, String id) throws ClientException, InterruptedException {
        print(ResultPrinter.ofRunSet(client, id, rows), format == ResultFormat.TABLE ? ResultFormat.CSV : format);
    }

    private void print(ResultPrinter printer, ResultFormat as) throws ClientException, InterruptedException {
        if (file == null) {
            printer.print(as, session.out(), session.err());
            return;
        }
        try {
            write(printer);
        } catch (IOException e) {
            throw new ClientException(
                    Reason.FAILED,
                    file + " cannot be written (" + FileErrors.describe(e) + "); choose another file with " + OUT,
                    e);
        }
    }

    /** The file appears when it is complete. */
    private void write(ResultPrinter printer) throws ClientException, InterruptedException, IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // A pipe or a terminal; the error of a folder says what it is.
            try (OutputStream stream = Files.newOutputStream(file)) {
                write(printer, stream);
            }
            return;
        }
        // A link stays, such as /dev/stdout.
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        part = target.resolveSibling(".tinderbox-" + UUID.randomUUID() + ".part");
        Runtime.getRuntime().addShutdownHook(new Thread(this::removePart, "tinderbox-part"));
        try {
            try (OutputStream stream =
                    Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                keepPermissions(target);
                write(printer, stream);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            removePart();
        }
    }

    /** Only its owner may be meant to read the file. */
    private void keepPermissions(Path target) throws IOException {
        PosixFileAttributeView old = Files.getFileAttributeView(target, PosixFileAttributeView.class);
        if (old != null && Files.exists(target)) {
            Files.setPosixFilePermissions(part, old.readAttributes().permissions());
        }
    }

    private void write(ResultPrinter printer, OutputStream stream)
            throws ClientException, InterruptedException, IOException {
        if (format != ResultFormat.TABLE && format != ResultFormat.JSON && rows.top() == 0) {
            printer.write(format, stream);
            return;
        }
        PrintWriter out = new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
        printer.print(format, out, session.err());
        if (out.checkError()) {
            throw new IOException("a write failed");
        }
    }

    /** Removes what has been written to a file that is not complete. */
    void removePart() {
        try {
            if (part != null) {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            // It stays; there is nobody to tell.
        }
    }
}
