package tinderbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files of words that all come once, each larger than the one before: what the server's memory has to do with it. */
final class MemoryBench {
    private static final Pattern COLLECTION = Pattern.compile("\\d+M->(\\d+)M\\(\\d+M\\)");

    private MemoryBench() {}

    static void run(Path folder, List<Integer> megabytes) throws IOException {
        Path inputs = Files.createDirectory(folder.resolve("inputs"));
        Path collections = folder.resolve("gc.log");
        System.out.println(Machine.line());
        TextTable textTable = new TextTable(
                new int[] {8, 8, 19, 10, 10},
                "words that come once",
                "s",
                "MB/s",
                "heap after GC, most",
                "peak RSS",
                "");
        try (TinderboxRival tinderboxRival =
                new TinderboxRival(folder.resolve("data"), inputs, "-Xmx512m", "-Xlog:gc:file=" + collections)) {
            Path input = inputs.resolve("distinct.txt");
            // The first job pays for loading classes, in memory too.
            GeneratedTexts.distinct(input, 43_000_000);
            tinderboxRival.await(tinderboxRival.submit(input));
            for (int size : megabytes) {
                GeneratedTexts.distinct(input, size * 1_000_000L);
                textTable.row(measured(tinderboxRival, input, size, collections));
            }
        }
    }

    private static String[] measured(TinderboxRival tinderboxRival, Path input, int megabytes, Path collections)
            throws IOException {
        System.err.println(megabytes + " MB…");
        long read = Files.size(collections);
        Machine.forgetPeak(tinderboxRival.process().pid());
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

    /** The most that was left of the heap by a collection told after a position of the log, in MiB. */
    private static long heapAfterCollections(Path log, long from) throws IOException {
        String lines = Files.readString(log).substring((int) from);
        Matcher matcher = COLLECTION.matcher(lines);
        long most = 0;
        while (matcher.find()) {
            most = Math.max(most, Long.parseLong(matcher.group(1)));
        }
        return most;
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
