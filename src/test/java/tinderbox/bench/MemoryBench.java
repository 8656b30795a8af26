package tinderbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Measures the server's memory while it counts ever larger files of distinct words. */
final class MemoryBench {
    private static final Pattern COLLECTION = Pattern.compile("\\d+M->(\\d+)M\\(\\d+M\\)");

    private MemoryBench() {}

    static void run(Path folder, List<Integer> megabytes) throws IOException {
        Path inputs = Files.createDirectory(folder.resolve("inputs"));
        Path collections = folder.resolve("gc.log");
        System.out.println(Machine.describe());
        TextTable textTable = new TextTable(
                new int[] {8, 8, 19, 10, 10}, "distinct words", "s", "MB/s", "heap after GC, max", "peak RSS", "");
        try (TinderboxRival tinderboxRival =
                new TinderboxRival(folder.resolve("data"), inputs, "-Xmx512m", "-Xlog:gc:file=" + collections)) {
            Path input = inputs.resolve("distinct.txt");
            // The first job loads classes, which takes memory too.
            GeneratedTexts.distinct(input, 43_000_000);
            tinderboxRival.await(tinderboxRival.submit(input));
            for (int size : megabytes) {
                GeneratedTexts.distinct(input, size * 1_000_000L);
                textTable.row(measure(tinderboxRival, input, size, collections));
            }
        }
    }

    private static String[] measure(TinderboxRival tinderboxRival, Path input, int megabytes, Path collections)
            throws IOException {
        System.err.println(megabytes + " MB…");
        long read = Files.size(collections);
        Machine.resetPeak(tinderboxRival.process().pid());
        long started = System.nanoTime();
        String failure = "";
        String id = tinderboxRival.submit(input);
        try {
            tinderboxRival.await(id);
        } catch (IOException e) {
            failure = e.getMessage();
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        long peak = Machine.peakKilobytes(tinderboxRival.process().pid());
        tinderboxRival.delete(id);
        return new String[] {
            format("%,.0f MB", megabytes),
            format("%.1f", seconds),
            format("%.1f", megabytes / seconds),
            format("%,.0f MiB", (double) heapAfterCollections(collections, read)),
            format("%,.0f MiB", peak / 1024.0),
            failure
        };
    }

    /** The largest heap after a collection that was logged after {@code from}, in MiB. */
    private static long heapAfterCollections(Path log, long from) throws IOException {
        String lines = Files.readString(log).substring((int) from);
        Matcher matcher = COLLECTION.matcher(lines);
        long max = 0;
        while (matcher.find()) {
            max = Math.max(max, Long.parseLong(matcher.group(1)));
        }
        return max;
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
