package tinderbox.support;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.split;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The word count as a Spark SQL query: the reference for results and benchmarks. */
public final class SparkSqlWordCount {
    private SparkSqlWordCount() {}

    /** The columns {@code word} and {@code count}, by count descending, then by the word's UTF-8 bytes ascending. */
    public static Dataset<Row> of(SparkSession spark, List<String> fileUris, boolean caseSensitive) {
        Dataset<Row> lines = spark.read().text(fileUris.toArray(String[]::new));
        Column line = caseSensitive ? col("value") : lower(col("value"));
        return lines.select(explode(split(line, "\\s+")).as("word"))
                .where(length(col("word")).gt(0))
                .groupBy("word")
                .count()
                .orderBy(col("count").desc(), col("word").asc());
    }
}
