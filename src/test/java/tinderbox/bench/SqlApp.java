package tinderbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * A query as a program for {@code spark-submit}: the first argument is the file with its text, the second the folder that
 * it writes. The Parquet and CSV files beside the query are tables with their names.
 */
public final class SqlApp {
    private static final String PARQUET = ".parquet";
    private static final String CSV = ".csv";

    private SqlApp() {}

    public static void main(String[] arguments) throws IOException {
        try (SparkSession spark = SparkSession.builder().appName("query").getOrCreate()) {
            run(spark, Path.of(arguments[0]), Path.of(arguments[1]));
        }
    }

    /** Runs a query, and writes a folder of CSV files. */
    static void run(SparkSession spark, Path query, Path output) throws IOException {
        for (Path file : files(query.getParent())) {
            register(spark, file);
        }
        spark.sql(Files.readString(query))
                .write()
                .option("header", true)
                .mode(SaveMode.Overwrite)
                .csv(output.toUri().toString());
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    /** Finds out the columns of a table once for each session. */
    private static void register(SparkSession spark, Path file) {
        String name = file.getFileName().toString();
        String uri = file.toUri().toString();
        String table = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        if (name.endsWith(PARQUET) && !spark.catalog().tableExists(table)) {
            spark.read().parquet(uri).createOrReplaceTempView(table);
        } else if (name.endsWith(CSV) && !spark.catalog().tableExists(table)) {
            var csv = spark.read().option("header", true).option("inferSchema", true);
            csv.schema(csv.csv(uri).schema()).csv(uri).createOrReplaceTempView(table);
        }
    }
}
