package tinderbox.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The output of Spark's CSV writer: several files in order, each with a header; quotes are escaped by a backslash. */
final class SparkCsv {
    private SparkCsv() {}

    /** Converts it to one file in Tinderbox's CSV format. */
    static void convert(Path folder, Path csv) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(csv)) {
            out.write("word,count\n");
            for (Path part : parts(folder)) {
                copy(part, out);
            }
        }
    }

    private static List<Path> parts(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList();
        }
    }

    private static void copy(Path part, BufferedWriter out) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(part)) {
            in.readLine();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int comma = line.lastIndexOf(',');
                String word = unquoted(line.substring(0, comma));
                if (word.indexOf('"') >= 0 || word.indexOf(',') >= 0) {
                    word = '"' + word.replace("\"", "\"\"") + '"';
                }
                out.write(word);
                out.write(line, comma, line.length() - comma);
                out.write('\n');
            }
        }
    }

    private static String unquoted(String cell) {
        return cell.startsWith("\"") ? cell.substring(1, cell.length() - 1).replace("\\\"", "\"") : cell;
    }
}
