package tinderbox.oracle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The golden files of Spark's {@code SQLQueryTestSuite}: statements with the answers of the version that we use. They are
 * in Spark's JAR of tests, which Maven copies to {@code target/spark-sql-tests.jar}; it is not on the class path, because
 * it would register data sources of tests.
 */
final class GoldenFiles {
    static final Path JAR = Path.of("target/spark-sql-tests.jar");
    private static final String RESULTS = "/sql-tests/results";
    private static final String ENDING = ".sql.out";
    private static final Pattern STATEMENT =
            Pattern.compile("(.*?)\n-- !query schema\n(.*?)\n-- !query output\n(.*)", Pattern.DOTALL);

    /** The beginning of a query, after comments. */
    private static final Pattern QUERY =
            Pattern.compile("(?is)(\\s|--[^\n]*\n|/\\*.*?\\*/|\\()*(select|with|from|values|table)\\b");

    /** A statement without columns: a command, or one whose answer is an error. */
    private static final String NO_COLUMNS = "struct<>";

    private final List<GoldenQuery> queries = new ArrayList<>();
    private int statements;
    private int withoutAnswer;
    private int withSettings;

    private GoldenFiles() {}

    /** Reads all files. */
    static GoldenFiles read() throws IOException {
        GoldenFiles all = new GoldenFiles();
        try (FileSystem jar = FileSystems.newFileSystem(JAR);
                Stream<Path> files = Files.walk(jar.getPath(RESULTS))) {
            for (Path file : files.filter(path -> path.toString().endsWith(ENDING))
                    .sorted()
                    .toList()) {
                String name = jar.getPath(RESULTS).relativize(file).toString();
                name = name.substring(0, name.length() - ENDING.length());
                all.add(name, text(file), needsSettings(jar.getPath("/sql-tests/inputs", name + ".sql")));
            }
        }
        return all;
    }

    private static boolean needsSettings(Path input) throws IOException {
        return Files.exists(input) && text(input).contains("--SET");
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private void add(String file, String text, boolean needsSettings) {
        String[] parts = text.split("-- !query\n", -1);
        for (int i = 1; i < parts.length; i++) {
            Matcher statement = STATEMENT.matcher(parts[i]);
            if (!statement.matches()) {
                throw new IllegalStateException(file + " has a statement of another form: " + parts[i]);
            }
            statements++;
            if (statement.group(2).equals(NO_COLUMNS)
                    || !QUERY.matcher(statement.group(1)).lookingAt()) {
                withoutAnswer++;
            } else if (needsSettings) {
                withSettings++;
            } else {
                queries.add(new GoldenQuery(
                        file, i, statement.group(1), statement.group(3).stripTrailing()));
            }
        }
    }

    /** The queries that have an answer and need no settings, in the order of the files. */
    List<GoldenQuery> queries() {
        return queries;
    }

    /** What is left out, in words. */
    String leftOut() {
        return statements + " statements: " + withoutAnswer + " are commands or end with an error, " + withSettings
                + " need settings";
    }
}
