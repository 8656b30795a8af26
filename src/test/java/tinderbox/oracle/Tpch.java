package tinderbox.oracle;

import io.trino.tpch.TpchColumn;
import io.trino.tpch.TpchColumnType;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.duckdb.DuckDBDriver;

/**
 * The TPC-H tables as Parquet files, and DuckDB's answers to the 22 queries. The texts of the queries are in Spark's JAR of
 * tests, as {@link GoldenFiles} are.
 */
public final class Tpch implements AutoCloseable {
    /** How many queries there are. */
    public static final int QUERIES = 22;

    private final Connection duckDb;

    private Tpch(Connection duckDb) {
        this.duckDb = duckDb;
    }

    /** Writes the tables to {@code folder}, each as a Parquet file with its name. */
    public static Tpch write(Path folder, double scale) throws IOException, SQLException {
        Tpch tpch = new Tpch(new DuckDBDriver().connect("jdbc:duckdb:", new Properties()));
        Files.createDirectories(folder);
        for (TpchTable<?> table : TpchTable.getTables()) {
            tpch.write(table, folder, scale);
        }
        return tpch;
    }

    private <E extends TpchEntity> void write(TpchTable<E> table, Path folder, double scale)
            throws IOException, SQLException {
        Path text = folder.resolve(table.getTableName() + ".tbl");
        Path parquet = folder.resolve(table.getTableName() + ".parquet");
        try (Writer out = Files.newBufferedWriter(text)) {
            for (E row : table.createGenerator(scale, 1, 1)) {
                out.append(row.toLine()).append('\n');
            }
        }
        String columns = table.getColumns().stream()
                .map(column -> "'" + column.getColumnName() + "': '" + type(column) + "'")
                .collect(Collectors.joining(", "));
        execute("COPY (SELECT * FROM read_csv('" + text + "', delim = '|', header = false, quote = '', columns = {"
                + columns + "})) TO '" + parquet + "' (FORMAT parquet)");
        Files.delete(text);
        execute("CREATE VIEW " + table.getTableName() + " AS SELECT * FROM '" + parquet + "'");
    }

    private static String type(TpchColumn<?> column) {
        TpchColumnType type = column.getType();
        return switch (type.getBase()) {
            case IDENTIFIER -> "BIGINT";
            case INTEGER -> "INTEGER";
            case DATE -> "DATE";
            case DOUBLE -> "DECIMAL(15, 2)";
            case VARCHAR -> "VARCHAR";
        };
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = duckDb.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The text of a query, from 1 to {@value #QUERIES}; it names its tables plainly, such as {@code lineitem}. */
    public static String query(int number) throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(GoldenFiles.JAR)) {
            return Files.readString(jar.getPath("/tpch/q" + number + ".sql"), StandardCharsets.UTF_8)
                    .replaceAll("(?m)^--.*$", "")
                    .strip();
        }
    }

    /** As {@link #query(int)}, with the tables as datasets in the folder of this path, such as {@code test/tpch}. */
    public static String query(int number, String folder) throws IOException {
        String tables = TpchTable.getTables().stream()
                .map(TpchTable::getTableName)
                .map(table -> table + " AS (TABLE `" + folder + "/" + table + ".parquet`)")
                .collect(Collectors.joining(",\n"));
        String query = query(number);
        return query.startsWith("with")
                ? "WITH " + tables + ",\n" + query.substring("with".length())
                : "WITH " + tables + "\n" + query;
    }

    /** DuckDB's answer to a query: rows of cells as text. */
    public List<List<String>> answer(int number) throws IOException, SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (Statement statement = duckDb.createStatement();
                ResultSet answer = statement.executeQuery(query(number))) {
            while (answer.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= answer.getMetaData().getColumnCount(); i++) {
                    row.add(answer.getString(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    @Override
    public void close() throws SQLException {
        duckDb.close();
    }
}
