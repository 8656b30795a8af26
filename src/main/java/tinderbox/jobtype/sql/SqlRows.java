package tinderbox.jobtype.sql;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.result.Column;
import tinderbox.job.result.ResultPart;
import tinderbox.job.result.ResultParts;
import tinderbox.job.result.ResultWriter;
import tinderbox.jobtype.JobContext;

/**
 * Writes the rows of a query as a result. The tasks write them as parts, one for each partition, which are joined in the
 * order of the partitions: that is the order of the query.
 */
final class SqlRows {
    /** How many times more partitions each Spark job has than the one before, while too few rows are there. */
    private static final int GROWTH = 4;

    private final StructType schema;
    private final List<Column> columns;

    /**
     * The columns of a query.
     *
     * @throws JobException {@link ErrorCode#INVALID_QUERY} if a result cannot have them
     */
    SqlRows(StructType schema) {
        this.schema = schema;
        this.columns = columns(schema);
    }

    private static List<Column> columns(StructType schema) {
        StructField[] fields = schema.fields();
        if (fields.length == 0) {
            throw new JobException(
                    ErrorCode.INVALID_QUERY, "The query has no columns", "select at least one column, or count(*)");
        }
        List<String> names = ColumnNames.different(Arrays.asList(schema.fieldNames()));
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < fields.length; i++) {
            DataType type = fields[i].dataType();
            String name = names.get(i);
            columns.add(new Column(
                    name,
                    SqlCells.columnType(type)
                            .orElseThrow(() -> new JobException(
                                    ErrorCode.INVALID_QUERY,
                                    "The column " + name + " is of the type " + type.sql()
                                            + ", which a result cannot have",
                                    "cast it to another type, or leave it out"))));
        }
        return columns;
    }

    /** The names that several columns of the query have, or that are too long; the result has others. */
    List<String> renamed() {
        String[] names = schema.fieldNames();
        return IntStream.range(0, names.length)
                .filter(i -> !names[i].equals(columns.get(i).name()))
                .mapToObj(i -> columns.get(i).name())
                .toList();
    }

    /** What was written. */
    record Written(long rows, boolean cut) {}

    /**
     * Writes the rows.
     *
     * @param limit how many of the rows the result has; the partitions after them are not computed
     */
    Written write(RDD<InternalRow> rows, JobContext context, SqlLimit limit) throws IOException {
        ResultWriter result = context.result(columns);
        int partitions = rows.getNumPartitions();
        long taken = 0;
        long next = limit.take() == Long.MAX_VALUE ? partitions : 1;
        for (int from = 0; from < partitions && taken < limit.take(); next *= GROWTH) {
            int to = (int) Math.min(partitions, from + next);
            context.phase("running");
            List<ResultPart> parts = parts(rows, result.parts(), from, to, limit.take() - taken);
            context.phase("writing");
            for (ResultPart part : parts) {
                taken += part.rows();
                result.join(part, Math.min(part.rows(), limit.keep() - result.rows()));
            }
            from = to;
        }
        return new Written(result.rows(), taken > limit.keep());
    }

    private List<ResultPart> parts(RDD<InternalRow> rows, ResultParts parts, int from, int to, long limit) {
        SqlCells.Format format = new SqlCells.Format(
                Stream.of(schema.fields()).map(StructField::dataType).toList(), columns);
        SparkContext spark = rows.sparkContext();
        Object written = spark.runJob(
                rows,
                (Function1<scala.collection.Iterator<InternalRow>, ResultPart> & Serializable)
                        partition -> write(partition, parts, format, limit),
                CollectionConverters.<Object>asScala(IntStream.range(from, to)
                                .<Object>mapToObj(i -> i)
                                .toList())
                        .toSeq(),
                ClassTag$.MODULE$.apply(ResultPart.class));
        return List.of((ResultPart[]) written);
    }

    /** In a task. */
    private static ResultPart write(
            scala.collection.Iterator<InternalRow> rows, ResultParts parts, SqlCells.Format format, long limit) {
        SqlCells cells = format.newCells();
        try {
            return parts.write(new Iterator<List<Object>>() {
                private long left = limit;

                @Override
                public boolean hasNext() {
                    return left > 0 && rows.hasNext();
                }

                @Override
                public List<Object> next() {
                    left--;
                    return cells.cells(rows.next());
                }
            });
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
