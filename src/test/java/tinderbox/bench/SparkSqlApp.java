package tinderbox.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import tinderbox.support.SparkSqlWordCount;

/** The Spark SQL query as a program for {@code spark-submit}: reads the first argument, writes to the second. */
public final class SparkSqlApp {
    private SparkSqlApp() {}

    public static void main(String[] arguments) throws IOException {
        try (SparkSession spark = SparkSession.builder().appName("word count").getOrCreate()) {
            count(spark, Path.of(arguments[0]), Path.of(arguments[1]));
        }
    }

    /** Counts the words of a file, or of the files in a folder, and writes a folder of CSV files. */
    static void count(SparkSession spark, Path input, Path output) {
        SparkSqlWordCount.of(spark, List.of(input.toUri().toString()), false)
                .write()
                .option("header", true)
                .mode(SaveMode.Overwrite)
                .csv(output.toUri().toString());
    }
}
