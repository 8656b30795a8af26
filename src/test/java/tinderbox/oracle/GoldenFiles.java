package tinderbox.oracle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
    private static final String INPUTS = "/sql-tests/inputs";
    private static final String RESULTS = "/sql-tests/results";
    private static final String ENDING = ".sql.out";
    private static final Pattern STATEMENT =
            Pattern.compile("(.*?)\n-- !query schema\n(.*?)\n-- !query output\n(.*)", Pattern.DOTALL);

    /** The beginning of a query, after comments. */
    private static final Pattern QUERY =
            Pattern.compile("(?is)(\\s|--[^\n]*\n|/\\*.*?\\*/|\\()*(select|with|from|values|table)\\b");

    /** A statement without columns: a command, or one whose answer is an error. */
    private static final String NO_COLUMNS = "struct<>";

    private static final Pattern SET = Pattern.compile("(?i)set\\s+[\\w.:]+\\s*=.*", Pattern.DOTALL);
    private static final Pattern IMPORT = Pattern.compile("(?m)^--IMPORT\\s+(\\S+)");

    private final List<GoldenQuery> queries = new ArrayList<>();
    private final Map<String, Integer> leftOut = new TreeMap<>();
    private int statements;

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
                all.add(name, text(file), needsSettings(jar.getPath(INPUTS, name + ".sql")));
            }
        }
        return all;
    }

    private static boolean needsSettings(Path input) throws IOException {
        if (!Files.exists(input)) {
            return false;
        }
        String text = text(input);
        Matcher imports = IMPORT.matcher(text);
        while (imports.find()) {
            if (needsSettings(input.getFileSystem().getPath(INPUTS, imports.group(1)))) {
                return true;
            }
        }
        return text.contains("--SET");
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private void add(String file, String text, boolean needsSettings) {
        boolean isSet = false;
        String[] parts = text.split("-- !query\n", -1);
        for (int i = 1; i < parts.length; i++) {
            Matcher statement = STATEMENT.matcher(parts[i]);
            if (!statement.matches()) {
                throw new IllegalStateException(file + " has a statement of another form: " + parts[i]);
            }
            statements++;
            String sql = statement.group(1);
            isSet |= SET.matcher(sql).matches();
            if (statement.group(2).equals(NO_COLUMNS) || !QUERY.matcher(sql).lookingAt()) {
                leaveOut("a command, or ends with an error");
            } else if (needsSettings) {
                leaveOut("its file needs --SET");
            } else if (isSet) {
                leaveOut("its file has changed a setting before");
            } else {
                queries.add(new GoldenQuery(file, i, sql, statement.group(3).stripTrailing()));
            }
        }
    }

    private void leaveOut(String reason) {
        leftOut.merge(reason, 1, Integer::sum);
    }

    /** The queries that have an answer and need no settings, in the order of the files. */
    List<GoldenQuery> queries() {
        return queries;
    }

    /** How many statements there are. */
    int statements() {
        return statements;
    }

    /** How many statements are no {@link #queries()}, by reason. */
    Map<String, Integer> leftOut() {
        return leftOut;
    }
}
