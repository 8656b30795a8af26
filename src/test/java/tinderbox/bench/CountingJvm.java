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

/** A JVM that counts whatever it is told to, again and again, and so is as warm as a server; it ends with its input. */
final class CountingJvm implements AutoCloseable {
    private static final String DONE = "@done";
    private static final String FAILED = "@failed: ";
    private static final long MINUTES = 20;

    private final Path folder;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private Process process;

    /** One that will keep its own files in a folder; it starts with the first count. */
    CountingJvm(Path folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** Counts in the way that is named, see {@link #main}. */
    void count(String way, Path input, Path output) throws IOException, InterruptedException {
        if (process == null || !process.isAlive()) {
            start();
        }
        Writer orders = process.outputWriter(StandardCharsets.UTF_8);
        orders.write(way + '\t' + input + '\t' + output + '\n');
        orders.flush();
        String answer = answers.poll(MINUTES, TimeUnit.MINUTES);
        if (answer == null) {
            close();
            throw new IOException("no end after " + MINUTES + " minutes");
        }
        if (!answer.equals(DONE)) {
            throw new IOException(answer.substring(FAILED.length()));
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
        answers.clear();
        Thread reader = new Thread(() -> read(process), "answers-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Process from) {
        try (BufferedReader lines = from.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("@")) {
                    answers.add(line);
                }
            }
            answers.add(FAILED + "its process ended with " + from.waitFor());
        } catch (IOException | InterruptedException e) {
            answers.add(FAILED + e);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** Takes orders from the standard input, a line each: the way to count, the input and the output, between tabs. */
    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        try (BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                String[] order = line.split("\t", -1);
                try {
                    obey(order[0], Path.of(order[1]), Path.of(order[2]));
                    answers.println(DONE);
                } catch (Exception | OutOfMemoryError e) {
                    answers.println(FAILED + e.toString().lines().findFirst().orElseThrow());
                }
            }
        }
        System.exit(0);
    }

    private static void obey(String way, Path input, Path output) throws Exception {
        switch (way) {
            case "loop-1" -> new PlainLoop(1).count(input, output);
            case "loop-2" -> new PlainLoop(2).count(input, output);
            case "query" -> SparkSqlApp.count(Sessions.PLAIN, input, output);
            case "tuned-query" -> SparkSqlApp.count(Sessions.TUNED, input, output);
            default -> throw new IllegalArgumentException(way);
        }
    }

    /** Made with the first query. */
    private static final class Sessions {
        static final SparkSession PLAIN =
                SparkSession.builder().appName("rivals").getOrCreate();
        static final SparkSession TUNED = tuned(PLAIN.newSession());

        private Sessions() {}

        private static SparkSession tuned(SparkSession session) {
            session.conf().set("spark.sql.shuffle.partitions", "16");
            session.conf().set("spark.sql.sources.parallelPartitionDiscovery.threshold", "100000");
            return session;
        }
    }
}
