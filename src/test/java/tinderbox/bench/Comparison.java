package tinderbox.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Counts one input with all rivals in turn, round after round, so that disturbances affect all of them. */
final class Comparison {
    private static final int EXCERPT = 120;
    /** Enough for the JIT compiler; fewer if the time is up. */
    private static final int WARM_UPS = 30;

    private static final Duration MAX_WARM_UP = Duration.ofSeconds(10);
    private static final Duration MAX_TIME = Duration.ofSeconds(30);

    private final Path folder;
    private final int rounds;

    /** The durations of a rival, shortest first; {@code failure} says why it dropped out, or is null. */
    record Times(String rival, List<Duration> sorted, String failure) {
        /** The median in milliseconds. */
        double median() {
            int half = sorted.size() / 2;
            double upper = millis(sorted.get(half));
            return sorted.size() % 2 == 1 ? upper : (millis(sorted.get(half - 1)) + upper) / 2;
        }

        /** A percentile in milliseconds. */
        double percentile(int percent) {
            return millis(sorted.get(Math.max(0, (sorted.size() * percent + 99) / 100 - 1)));
        }

        private static double millis(Duration time) {
            return time.toNanos() / 1e6;
        }
    }

    private static final class Entrant {
        final Rival rival;
        final Path output;
        final List<Duration> times = new ArrayList<>();
        Duration spent = Duration.ZERO;
        String failure;

        Entrant(Rival rival, Path output) {
            this.rival = rival;
            this.output = output;
        }
    }

    /** Writes temporary files to {@code folder}. */
    Comparison(Path folder, int rounds) {
        this.folder = folder;
        this.rounds = rounds;
    }

    /** Measures all rivals. Fails if their results differ. */
    List<Times> of(Path input, List<Rival> rivals) throws IOException {
        List<Entrant> entrants = new ArrayList<>();
        for (Rival rival : rivals) {
            entrants.add(new Entrant(rival, folder.resolve("output-" + entrants.size())));
        }
        check(entrants, input);
        for (Entrant entrant : entrants) {
            boolean warms = entrant.rival.warmsUp() && entrant.failure == null;
            for (int i = 1; warms && i < WARM_UPS && entrant.spent.compareTo(MAX_WARM_UP) < 0; i++) {
                run(entrant, input);
            }
            entrant.times.clear();
            entrant.spent = Duration.ZERO;
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < entrants.size(); i++) {
                Entrant entrant = entrants.get((round + i) % entrants.size());
                if (isInTime(entrant)) {
                    run(entrant, input);
                }
            }
        }
        return entrants.stream()
                .map(entrant -> new Times(
                        entrant.rival.name(), entrant.times.stream().sorted().toList(), entrant.failure))
                .toList();
    }

    /** Slow rivals stop after a while. */
    private static boolean isInTime(Entrant entrant) {
        return entrant.failure == null && entrant.spent.compareTo(MAX_TIME) < 0;
    }

    private void run(Entrant entrant, Path input) throws IOException {
        entrant.rival.deleteOutput(entrant.output);
        count(entrant, input);
        entrant.rival.deleteOutput(entrant.output);
    }

    private static void count(Entrant entrant, Path input) {
        long started = System.nanoTime();
        try {
            entrant.rival.count(input, entrant.output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (Exception e) {
            entrant.failure = Optional.ofNullable(e.getMessage()).orElse(e.toString());
        }
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        entrant.times.add(took);
        entrant.spent = entrant.spent.plus(took);
    }

    private void check(List<Entrant> entrants, Path input) throws IOException {
        Path first = null;
        String firstName = null;
        for (Entrant entrant : entrants) {
            Path csv = folder.resolve("rows-" + entrant.output.getFileName());
            count(entrant, input);
            Optional<Path> rows = entrant.failure == null ? entrant.rival.rows(entrant.output, csv) : Optional.empty();
            if (rows.isPresent() && first == null) {
                first = Files.copy(rows.get(), folder.resolve("first-rows"));
                firstName = entrant.rival.name();
            } else if (rows.isPresent()) {
                requireSameRows(first, firstName, rows.get(), entrant.rival.name());
            } else if (entrant.failure == null && first != null) {
                requireSameNumberOfRows(first, entrant);
            }
            BenchFolders.delete(csv);
            entrant.rival.deleteOutput(entrant.output);
        }
        if (first != null) {
            BenchFolders.delete(first);
        }
    }

    private static void requireSameRows(Path one, String oneName, Path other, String otherName) throws IOException {
        long at = Files.mismatch(one, other);
        if (at >= 0) {
            throw new AssertionError(String.format(
                    Locale.ROOT,
                    "from byte %,d on, %s has%n%s%nand %s has%n%s",
                    at,
                    oneName,
                    excerpt(one, at),
                    otherName,
                    excerpt(other, at)));
        }
    }

    private static String excerpt(Path file, long at) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(EXCERPT);
        try (FileChannel channel = FileChannel.open(file)) {
            channel.read(bytes, Math.max(0, at - EXCERPT / 2));
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    private static void requireSameNumberOfRows(Path rows, Entrant entrant) throws IOException {
        try (Stream<String> ours = Files.lines(rows);
                Stream<String> theirs = Files.lines(entrant.output)) {
            long words = ours.count() - 1;
            long others = theirs.count();
            if (words != others) {
                throw new AssertionError(
                        entrant.rival.name() + " finds " + others + " distinct words, others find " + words);
            }
        }
    }
}
