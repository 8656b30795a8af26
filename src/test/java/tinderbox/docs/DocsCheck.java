package tinderbox.docs;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tinderbox.fault.PythonTools;
import tinderbox.fault.ServerProcess;
import tinderbox.fault.Soak;

/**
 * Runs the code blocks that the documents mark for it, and lists the others with their reasons.
 *
 * <p>Each document has an empty home folder with {@code run.sh} and {@code tinderbox.jar}, and a bash in which its blocks
 * run one after another. All use one server, except documents whose commands start one themselves.
 */
public final class DocsCheck implements AutoCloseable {
    private static final List<String> PROGRAMS = List.of("bash", "curl", "jq", "unzip");
    private static final String JAR = "tinderbox.jar";
    private static final String DOCUMENTED_ADDRESS = "127.0.0.1:8080";

    private final Path base;
    private final Consumer<String> report;
    private final List<String> failures = new ArrayList<>();
    private final List<String> notRun = new ArrayList<>();
    private ServerProcess server;
    private int homes;

    /**
     * A check that has run nothing yet.
     *
     * @param base a folder for the homes of the documents
     * @param report gets the lines of the report
     */
    public DocsCheck(Path base, Consumer<String> report) {
        this.base = base;
        this.report = report;
    }

    /** Checks the named documents, by default all; exits with 1 if a check fails. */
    public static void main(String[] arguments) throws Exception {
        String missing = missing();
        if (!missing.isEmpty()) {
            System.err.println("docs-check: " + missing);
            System.exit(1);
        }
        List<Path> named = Stream.of(arguments).map(Path::of).toList();
        Path base = Files.createTempDirectory("tinderbox-docs");
        List<String> failures;
        try (DocsCheck check = new DocsCheck(base, DocsCheck::print)) {
            failures = named.isEmpty() ? check.runAll() : check.run(named);
        } finally {
            Soak.delete(base);
        }
        System.exit(failures.isEmpty() ? 0 : 1);
    }

    /** Prints a line of the report. */
    public static void print(String line) {
        System.out.println(line);
    }

    /** What this machine lacks for the check, as a sentence; an empty text if it has everything. */
    public static String missing() throws InterruptedException {
        for (String program : PROGRAMS) {
            try {
                new ProcessBuilder(program, "--version")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
            } catch (IOException e) {
                return "the commands of the documents need " + program + ", which is not installed";
            }
        }
        try {
            python();
        } catch (PythonTools.MissingException e) {
            return "the commands of the documents need Python 3 with venv and pip. " + e.getMessage();
        }
        return "";
    }

    /** The folder of a Python with the library that the documents use. */
    private static Path python() throws PythonTools.MissingException {
        return PythonTools.install("docs-requests", "requests");
    }

    /** Checks all documents, and returns what is wrong. */
    public List<String> runAll() throws IOException, InterruptedException, PythonTools.MissingException {
        return run(Document.all());
    }

    /** Checks these documents, and returns what is wrong. */
    public List<String> run(List<Path> paths) throws IOException, InterruptedException, PythonTools.MissingException {
        int blocks = 0;
        for (Path path : paths) {
            Document document = Document.read(path);
            failures.addAll(document.problems());
            for (Block block : document.blocks()) {
                if (block.mark() != null && block.mark().kind() == Mark.Kind.NOT_RUN) {
                    notRun.add(path + ":" + block.line() + ": " + block.mark().reason());
                }
            }
            List<Block> marked = document.blocks().stream()
                    .filter(block -> block.mark() != null && block.mark().kind() != Mark.Kind.NOT_RUN)
                    .toList();
            if (!marked.isEmpty()) {
                long start = System.nanoTime();
                run(document, marked);
                blocks += marked.size();
                report.accept(
                        "%s: %d blocks, %.1f s".formatted(path, marked.size(), (System.nanoTime() - start) / 1e9));
            }
        }
        report.accept("");
        report.accept("Not run:");
        notRun.forEach(each -> report.accept("  " + each));
        report.accept("");
        failures.forEach(report);
        report.accept("%d blocks were run, %d were not; %s"
                .formatted(blocks, notRun.size(), failures.isEmpty() ? "all is well" : failures.size() + " failures"));
        return failures;
    }

    private void run(Document document, List<Block> blocks)
            throws IOException, InterruptedException, PythonTools.MissingException {
        int number = ++homes;
        Path home = Files.createDirectories(base.resolve(number + "/home"));
        int port = document.ownServer() ? Ports.free() : server().uri().getPort();
        String address = "127.0.0.1:" + port;
        createCommands(home);
        try (Terminal terminal = new Terminal(home, base.resolve(number + "/commands"), environment(home, port))) {
            String printed = "";
            for (Block block : blocks) {
                String place = document.path() + ":" + block.line() + ": ";
                if (block.mark().kind() == Mark.Kind.OUTPUT) {
                    compare(
                            place,
                            new ExpectedOutput(block.lines(), block.mark().differing()),
                            printed);
                    continue;
                }
                StringBuilder all = new StringBuilder();
                for (Command command : Command.of(block)) {
                    String text = command.text().replace(DOCUMENTED_ADDRESS, address);
                    if (block.language().equals("python")) {
                        text = "python3 '" + Files.writeString(home.resolveSibling("program.py"), text) + "'";
                    }
                    Terminal.Outcome outcome = terminal.run(text, block.mark().limit());
                    String shown = outcome.printed().replace(address, DOCUMENTED_ADDRESS);
                    if (outcome.status() != 0) {
                        failures.add(
                                place + "the exit code is " + outcome.status() + ":\n" + command.text() + "\n" + shown);
                    }
                    if (!command.expected().isEmpty()) {
                        compare(
                                place,
                                new ExpectedOutput(
                                        command.expected(), block.mark().differing()),
                                shown);
                    }
                    all.append(shown);
                }
                printed = all.toString();
            }
        } catch (TimeoutException e) {
            failures.add(
                    document.path() + ": a command took longer than its limit; the rest of the document was not run. It"
                            + " has printed:\n" + e.getMessage());
        }
        Files.delete(home.resolve(JAR));
    }

    private void compare(String place, ExpectedOutput expected, String printed) {
        if (!expected.matches(printed)) {
            failures.add(place + "the document shows\n" + expected + "but the commands print\n" + printed);
        }
    }

    private ServerProcess server() {
        if (server == null) {
            server = ServerProcess.on(base.resolve("data")).start();
        }
        return server;
    }

    /** What a reader has in the folder of a clone, or of the JAR, or has installed. */
    private static void createCommands(Path home) throws IOException {
        Path jar = ServerProcess.jar().toAbsolutePath();
        Files.createSymbolicLink(home.resolve(JAR), jar);
        Path installed = Files.createDirectories(home.resolveSibling("bin"));
        for (Path command : List.of(home.resolve("run.sh"), installed.resolve("tinderbox"))) {
            Files.writeString(
                    command,
                    "#!/bin/sh\nexec java -Xmx512m %s -Dtinderbox.command=\"$0\" -jar '%s' \"$@\"\n"
                            .formatted(String.join(" ", ServerProcess.quickStartOptions()), jar));
            Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static Map<String, String> environment(Path home, int port) throws PythonTools.MissingException {
        String path = home.resolveSibling("bin")
                + File.pathSeparator
                + python()
                + File.pathSeparator
                + Path.of(System.getProperty("java.home"), "bin")
                + File.pathSeparator
                + System.getenv("PATH");
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", path);
        environment.put("HOME", home.toString());
        environment.put("LANG", "C.UTF-8");
        environment.put("TINDERBOX_DATA_DIR", home.resolve(".tinderbox").toString());
        environment.put("TINDERBOX_PORT", Integer.toString(port));
        // Its first job would be faster, and none of the others.
        environment.put("TINDERBOX_NO_WARM_UP", "true");
        environment.put("TINDERBOX_URL", "http://127.0.0.1:" + port);
        return environment;
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
