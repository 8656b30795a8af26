package tinderbox.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;

/** A JVM that counts again and again on request, so it is as warm as a server. It exits when its input ends. */
final class CountingJvm implements AutoCloseable {
    private static final String DONE = "@done";
    private static final String FAILED = "@failed: ";
    private static final long MINUTES = 20;

    private final Path folder;
    private final BlockingQueue<String> responses = new LinkedBlockingQueue<>();
    private Process process;

    /** Writes its own files to {@code folder}. The JVM starts with the first count. */
    CountingJvm(Path folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** Counts with one of the engines that {@link #main} knows. */
    void count(String engine, Path input, Path output) throws IOException, InterruptedException {
        if (process == null || !process.isAlive()) {
            start();
        }
        Writer requests = process.outputWriter(StandardCharsets.UTF_8);
        requests.write(engine + '\t' + input + '\t' + output + '\n');
        requests.flush();
        String response = responses.poll(MINUTES, TimeUnit.MINUTES);
        if (response == null) {
            close();
            throw new IOException("still running after " + MINUTES + " minutes");
        }
        if (!response.equals(DONE)) {
            throw new IOException(response.substring(FAILED.length()));
        }
    }

    private void start() throws IOException {
        List<String> options = new ArrayList<>();
        SparkJvm.SETTINGS.forEach(setting -> options.add("-D" + setting));
        options.add("-Dspark.local.dir=" + folder);
        String classPath = SparkJvm.jar() + File.pathSeparator + SparkJvm.classes(CountingJvm.class);
        process = new ProcessBuilder(SparkJvm.command(classPath, CountingJvm.class.getName(), options))
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        responses.clear();
        Thread reader = new Thread(() -> read(process), "responses-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Process from) {
        try (BufferedReader lines = from.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("@")) {
                    responses.add(line);
                }
            }
            responses.add(FAILED + "its process exited with " + from.waitFor());
        } catch (IOException | InterruptedException e) {
            responses.add(FAILED + e);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** Reads requests from standard input, a line each: engine, input and output, separated by tabs. */
    public static void main(String[] arguments) throws IOException {
        PrintStream responses = System.out;
        try (BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                String[] request = line.split("\t", -1);
                try {
                    countWith(request[0], Path.of(request[1]), Path.of(request[2]));
                    responses.println(DONE);
                } catch (Exception | OutOfMemoryError e) {
                    responses.println(FAILED + e.toString().lines().findFirst().orElseThrow());
                }
            }
        }
        System.exit(0);
    }

    private static void countWith(String engine, Path input, Path output) throws Exception {
        switch (engine) {
            case "loop-1" -> new PlainLoop(1).count(input, output);
            case "loop-2" -> new PlainLoop(2).count(input, output);
            case "query" -> SparkSqlApp.count(SparkSessions.PLAIN, input, output);
            case "tuned-query" -> SparkSqlApp.count(SparkSessions.TUNED, input, output);
            case "sql" -> SqlApp.run(SparkSessions.PLAIN, input, output);
            case "sql-whole-rows" -> SqlApp.run(SparkSessions.WHOLE_ROWS, input, output);
            default -> throw new IllegalArgumentException(engine);
        }
    }

    /** Created for the first query. */
    private static final class SparkSessions {
        static final SparkSession PLAIN =
                SparkSession.builder().appName("rivals").getOrCreate();
        static final SparkSession TUNED = tuned(PLAIN.newSession());
        /** Parses all values of a CSV file, as Tinderbox does to find rows with too few or too many. */
        static final SparkSession WHOLE_ROWS = wholeRows(PLAIN.newSession());

        private SparkSessions() {}

        private static SparkSession wholeRows(SparkSession session) {
            session.conf().set("spark.sql.csv.parser.columnPruning.enabled", false);
            return session;
        }

        private static SparkSession tuned(SparkSession session) {
            session.conf().set("spark.sql.shuffle.partitions", "16");
            session.conf().set("spark.sql.sources.parallelPartitionDiscovery.threshold", "100000");
            return session;
        }
    }
}
