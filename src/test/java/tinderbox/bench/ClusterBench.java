package tinderbox.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tinderbox.fault.Cluster;

/**
 * Counts words in local mode and on clusters of this machine, in turns, and checks that all results are equal. A worker
 * gets one core, because a machine with two has no more for two of them. {@code --rounds N} counts 1 GB N times.
 */
final class ClusterBench {
    private static final int DEFAULT_ROUNDS = 5;
    private static final long LARGE_BYTES = 1_000_000_000;
    /** More than 4 GiB, so the words are counted in two stages. */
    private static final long HUGE_BYTES = 4_500_000_000L;

    private static final long DISTINCT_BYTES = 200_000_000;

    private final Path inputs;
    private final Path outputs;
    private final TextTable textTable =
            new TextTable(new int[] {9, 7, 9, 13, 11}, "", "median s", "ratio", "map s", "after map s", "share");

    /**
     * The parts of a job's time.
     *
     * @param map the stage that reads the input and shuffles the words; zero if there was no shuffle
     * @param after from the end of that stage to the end of the job
     */
    private record Split(Duration map, Duration after) {}

    /** A server in local mode or on a cluster. */
    private static final class Deployment implements Rival, AutoCloseable {
        private final String name;
        private final Cluster cluster;
        private final TinderboxRival server;
        private Split lastSplit;

        private Deployment(String name, Path folder, Path inputs, Cluster cluster, String... options) {
            this.name = name;
            this.cluster = cluster;
            this.server = TinderboxRival.with(folder.resolve(name.replace(' ', '-')), inputs, options);
        }

        static Deployment local(int cores, Path folder, Path inputs) {
            String master = "local[" + cores + "]";
            return new Deployment(master, folder, inputs, null, "--master", master);
        }

        static Deployment cluster(int workers, Path folder, Path inputs) {
            String name = workers + (workers == 1 ? " worker" : " workers");
            Cluster cluster = Cluster.start(folder.resolve("cluster-" + workers), workers);
            List<String> options = new ArrayList<>(List.of(cluster.serverOptions()));
            // Spark spreads the cores over the workers.
            options.addAll(List.of("--cores-max", Integer.toString(workers)));
            return new Deployment(name, folder, inputs, cluster, options.toArray(String[]::new));
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void count(Path input, Path output) throws IOException {
            server.count(input, output);
            lastSplit = split(server.lastJob(), server.lastStages());
        }

        private static Split split(Map<String, Object> job, List<Map<String, Object>> stages) {
            Instant finished = Instant.parse(job.get("finished_at").toString());
            return stages.stream()
                    .filter(stage -> (Long) stage.get("shuffle_write_bytes") > 0)
                    .findFirst()
                    .map(stage -> new Split(
                            Duration.ofMillis((Long) stage.get("duration_ms")),
                            Duration.between(
                                    Instant.parse(stage.get("completed_at").toString()), finished)))
                    .orElse(new Split(Duration.ZERO, Duration.ZERO));
        }

        @Override
        public Optional<Path> rows(Path output, Path csv) throws IOException {
            return server.rows(output, csv);
        }

        @Override
        public void deleteOutput(Path output) {
            server.deleteOutput(output);
        }

        @Override
        public void close() {
            server.close();
            if (cluster != null) {
                cluster.close();
            }
        }
    }

    private ClusterBench(Path folder) throws IOException {
        this.inputs = Files.createDirectory(folder.resolve("inputs"));
        this.outputs = Files.createDirectory(folder.resolve("outputs"));
    }

    static void run(List<String> options) throws Exception {
        int rounds = DEFAULT_ROUNDS;
        if (!options.isEmpty()) {
            if (options.size() != 2 || !options.get(0).equals("--rounds")) {
                throw new Bench.UnknownOptionException(options.get(0));
            }
            rounds = Bench.number(options.get(1));
        }
        Path folder = BenchFolders.scratch("bench-cluster");
        System.out.println(Machine.describe() + "; each worker has one core");
        new ClusterBench(folder).run(folder, rounds);
    }

    private void run(Path folder, int rounds) throws IOException {
        try (Deployment one = Deployment.local(1, folder, inputs);
                Deployment two = Deployment.local(2, folder, inputs);
                Deployment oneWorker = Deployment.cluster(1, folder, inputs);
                Deployment twoWorkers = Deployment.cluster(2, folder, inputs)) {
            Path large = inputs.resolve("large.txt");
            new GeneratedTexts(folder.resolve("local[1]").resolve("samples")).english(large, LARGE_BYTES);
            compare("1 GB of English", large, rounds, List.of(two, one, twoWorkers, oneWorker));
            Path huge = inputs.resolve("huge.txt");
            repeat(large, huge, HUGE_BYTES);
            compare("4.5 GB of English", huge, 1, List.of(two, twoWorkers));
            BenchFolders.delete(huge);
            Path distinct = inputs.resolve("distinct.txt");
            GeneratedTexts.distinct(distinct, DISTINCT_BYTES);
            compare("200 MB of distinct words", distinct, 1, List.of(two, twoWorkers));
        }
    }

    /** Writes a text again and again. */
    private static void repeat(Path text, Path into, long bytes) throws IOException {
        try (FileChannel in = FileChannel.open(text);
                FileChannel out = FileChannel.open(into, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long left = bytes; left > 0; ) {
                left -= in.transferTo(0, left, out);
            }
        }
    }

    private void compare(String text, Path input, int rounds, List<Deployment> deployments) throws IOException {
        System.err.println(text + "…");
        List<Comparison.Times> all = new Comparison(outputs, rounds).of(input, List.copyOf(deployments));
        textTable.row(text);
        for (int i = 0; i < all.size(); i++) {
            Comparison.Times times = all.get(i);
            if (times.failure() != null) {
                throw new AssertionError(times.rival() + ": " + times.failure());
            }
            Split split = deployments.get(i).lastSplit;
            boolean shuffled = !split.map().isZero();
            textTable.row(
                    "  " + times.rival(),
                    format(times.median() / 1000),
                    format(times.median() / all.get(0).median()),
                    shuffled ? format(seconds(split.map())) : "",
                    shuffled ? format(seconds(split.after())) : "",
                    shuffled ? format(seconds(split.after()) / seconds(split.map())) : "");
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static String format(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
