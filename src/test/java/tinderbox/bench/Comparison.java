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

/** Counts one input with all rivals in turn, round after round, so that what disturbs one disturbs all. */
final class Comparison {
    private static final int EXCERPT = 120;
    /** Enough for the JVM's compilers, or as many as fit into the time. */
    private static final int WARM_UPS = 30;

    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final int rounds;

    /** What a rival took, shortest first; {@code failure} says why it took no part in the end, or is null. */
    record Times(String rival, List<Duration> sorted, String failure) {
        /** The median in milliseconds. */
        double median() {
            int half = sorted.size() / 2;
            double upper = millis(sorted.get(half));
            return sorted.size() % 2 == 1 ? upper : (millis(sorted.get(half - 1)) + upper) / 2;
        }

        /** What so many percent of the counts took at most, in milliseconds. */
        double percentile(int percent) {
            return millis(sorted.get(Math.max(0, (sorted.size() * percent + 99) / 100 - 1)));
        }

        private static double millis(Duration time) {
            return time.toNanos() / 1e6;
        }
    }

    private static final class Entry {
        final Rival rival;
        final Path output;
        final List<Duration> times = new ArrayList<>();
        Duration spent = Duration.ZERO;
        String failure;

        Entry(Rival rival, Path output) {
            this.rival = rival;
            this.output = output;
        }
    }

    /** One that writes into a folder. */
    Comparison(Path folder, int rounds) {
        this.folder = folder;
        this.rounds = rounds;
    }

    /** The times of all rivals. Fails where one answers otherwise than the first of them that answers. */
    List<Times> of(Path input, List<Rival> rivals) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Rival rival : rivals) {
            entries.add(new Entry(rival, folder.resolve("output-" + entries.size())));
        }
        check(entries, input);
        for (Entry entry : entries) {
            boolean warms = entry.rival.warmsUp() && entry.failure == null;
            for (int i = 1; warms && i < WARM_UPS && entry.spent.compareTo(WARM_UP) < 0; i++) {
                run(entry, input);
            }
            entry.times.clear();
            entry.spent = Duration.ZERO;
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < entries.size(); i++) {
                Entry entry = entries.get((round + i) % entries.size());
                if (hasPart(entry)) {
                    run(entry, input);
                }
            }
        }
        return entries.stream()
                .map(entry -> new Times(
                        entry.rival.name(), entry.times.stream().sorted().toList(), entry.failure))
                .toList();
    }

    /** Whoever is slow has had enough of a share after a while. */
    private static boolean hasPart(Entry entry) {
        return entry.failure == null && entry.spent.compareTo(PATIENCE) < 0;
    }

    private void run(Entry entry, Path input) throws IOException {
        entry.rival.tidy(entry.output);
        count(entry, input);
        entry.rival.tidy(entry.output);
    }

    private static void count(Entry entry, Path input) {
        long started = System.nanoTime();
        try {
            entry.rival.count(input, entry.output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (Exception e) {
            entry.failure = Optional.ofNullable(e.getMessage()).orElse(e.toString());
        }
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        entry.times.add(took);
        entry.spent = entry.spent.plus(took);
    }

    private void check(List<Entry> entries, Path input) throws IOException {
        Path first = null;
        String firstName = null;
        for (Entry entry : entries) {
            Path csv = folder.resolve("rows-" + entry.output.getFileName());
            count(entry, input);
            Optional<Path> rows = entry.failure == null ? entry.rival.rows(entry.output, csv) : Optional.empty();
            if (rows.isPresent() && first == null) {
                first = Files.copy(rows.get(), folder.resolve("first-rows"));
                firstName = entry.rival.name();
            } else if (rows.isPresent()) {
                same(first, firstName, rows.get(), entry.rival.name());
            } else if (entry.failure == null && first != null) {
                sameNumber(first, entry);
            }
            BenchFolders.delete(csv);
            entry.rival.tidy(entry.output);
        }
        if (first != null) {
            BenchFolders.delete(first);
        }
    }

    private static void same(Path one, String oneName, Path other, String otherName) throws IOException {
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

    private static void sameNumber(Path rows, Entry entry) throws IOException {
        try (Stream<String> ours = Files.lines(rows);
                Stream<String> theirs = Files.lines(entry.output)) {
            long words = ours.count() - 1;
            long others = theirs.count();
            if (words != others) {
                throw new AssertionError(
                        entry.rival.name() + " finds " + others + " distinct words, others find " + words);
            }
        }
    }
}
