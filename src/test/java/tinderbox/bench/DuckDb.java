package tinderbox.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import org.duckdb.DuckDBDriver;

/** The word count as a DuckDB query, with two threads. */
final class DuckDb implements AutoCloseable {
    /** Splits at single spaces. That is enough for these texts, but Tinderbox splits at all white space. */
    private static final String PLAIN_SPLIT = "string_split(lower(line), ' ')";

    private static final String REGEX_SPLIT = "string_split_regex(lower(line), '\\s+')";

    /** Reads lines: the delimiter is a character that no text has. */
    private static final String LINES = """
            (SELECT line FROM read_csv('%s', columns = {'line': 'VARCHAR'}, auto_detect = false, header = false,
                delim = '\u0001', quote = '', escape = '', new_line = '\\n'))""";

    /** For a line that is too long for the CSV reader. */
    private static final String WHOLE = "(SELECT content AS line FROM read_text('%s'))";

    private static final String QUERY = """
            COPY (SELECT word, count(*) AS count
                FROM (SELECT unnest(%s) AS word FROM %s)
                WHERE word <> '' GROUP BY word ORDER BY count DESC, word)
            TO '%s' (FORMAT csv, HEADER true)""";

    private final Connection connection;

    DuckDb(Path folder) throws SQLException {
        this.connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
        execute("SET threads = 2");
        execute("SET temp_directory = '" + folder + "'");
    }

    Rival plainSplit(String name) {
        return new Split(name, PLAIN_SPLIT);
    }

    Rival regexSplit(String name) {
        return new Split(name, REGEX_SPLIT);
    }

    String version() throws SQLException {
        return connection.getMetaData().getDatabaseProductVersion();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private final class Split implements Rival {
        private final String name;
        private final String words;

        Split(String name, String words) {
            this.name = name;
            this.words = words;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void count(Path input, Path output) throws Exception {
            boolean folder = Files.isDirectory(input);
            String lines = input.getFileName().toString().startsWith("line") ? WHOLE : LINES;
            execute(QUERY.formatted(words, lines.formatted(folder ? input + "/*" : input), output));
        }

        @Override
        public Optional<Path> rows(Path output, Path csv) {
            return Optional.of(output);
        }
    }
}
