package tinderbox.oracle;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A query for each function of Spark, from its JAR of tests, as {@link GoldenFiles} are. */
public final class FunctionExamples {
    private static final String TABLE = "/sql-functions/sql-expression-schema.md";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| \\S+ \\| (\\S+) \\| (.*) \\| struct<.* \\|$");

    private FunctionExamples() {}

    /**
     * A query that calls a function.
     *
     * @param function its name, or that of an operator
     */
    public record Example(String function, String query) {}

    /** All of them. */
    public static List<Example> read() throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(GoldenFiles.JAR)) {
            return ROW.matcher(Files.readString(jar.getPath(TABLE)))
                    .results()
                    .map(FunctionExamples::example)
                    .toList();
        }
    }

    private static Example example(MatchResult row) {
        return new Example(unescaped(row.group(1)), unescaped(row.group(2)));
    }

    private static String unescaped(String cell) {
        return cell.replace("&#124;", "|");
    }
}
