package tinderbox.jobtype.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Base64;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.SerializableConfiguration;
import scala.Function1;
import scala.Option;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;

/**
 * Reads results of jobs exactly. Spark's source for CSV does not tell all of their values: it takes some line ends for
 * others, and knows neither Base64 nor all dates.
 */
public final class ResultFormat implements FileFormat, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Option<StructType> inferSchema(SparkSession spark, Map<String, String> options, Seq<FileStatus> files) {
        throw new UnsupportedOperationException("a result says which columns it has");
    }

    @Override
    public OutputWriterFactory prepareWrite(
            SparkSession spark, Job job, Map<String, String> options, StructType schema) {
        throw new UnsupportedOperationException("results are written by jobs");
    }

    @Override
    public boolean isSplitable(SparkSession spark, Map<String, String> options, Path path) {
        // A line end may be within a cell.
        return false;
    }

    @Override
    public Function1<PartitionedFile, Iterator<InternalRow>> buildReader(
            SparkSession spark,
            StructType dataSchema,
            StructType partitionSchema,
            StructType requiredSchema,
            Seq<Filter> filters,
            Map<String, String> options,
            Configuration hadoop) {
        int[] columns = new int[requiredSchema.size()];
        DataType[] types = new DataType[columns.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = dataSchema.fieldIndex(requiredSchema.apply(i).name());
            types[i] = requiredSchema.apply(i).dataType();
        }
        return new Reader(
                dataSchema.size(),
                columns,
                types,
                new JavaSparkContext(spark.sparkContext()).broadcast(new SerializableConfiguration(hadoop)));
    }

    /** As the plan of the query shows it. */
    @Override
    public String toString() {
        return "Result";
    }

    /** Opens results in tasks. */
    private static final class Reader implements Function1<PartitionedFile, Iterator<InternalRow>>, Serializable {
        private static final long serialVersionUID = 1L;

        private final int size;
        private final int[] columns;

        @SuppressWarnings("serial") // Each of them is serializable.
        private final DataType[] types;

        private final Broadcast<SerializableConfiguration> hadoop;

        private Reader(int size, int[] columns, DataType[] types, Broadcast<SerializableConfiguration> hadoop) {
            this.size = size;
            this.columns = columns;
            this.types = types;
            this.hadoop = hadoop;
        }

        @Override
        public Iterator<InternalRow> apply(PartitionedFile file) {
            try {
                Path path = file.toPath();
                InputStream content = path.getFileSystem(hadoop.value().value()).open(path);
                TaskContext.get().addTaskCompletionListener(task -> {
                    try {
                        content.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                return new Rows(new ResultCells(content, size), columns, types);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The rows of a result. */
    private static final class Rows extends AbstractIterator<InternalRow> {
        private final ResultCells cells;
        private final int[] columns;
        private final DataType[] types;
        private Boolean hasNext;

        private Rows(ResultCells cells, int[] columns, DataType[] types) {
            this.cells = cells;
            this.columns = columns;
            this.types = types;
        }

        @Override
        public boolean hasNext() {
            if (hasNext == null) {
                try {
                    hasNext = cells.next();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return hasNext;
        }

        @Override
        public InternalRow next() {
            if (!hasNext()) {
                throw new java.util.NoSuchElementException();
            }
            hasNext = null;
            Object[] values = new Object[columns.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = cells.isNull(columns[i]) ? null : value(columns[i], types[i]);
            }
            return new GenericInternalRow(values);
        }

        /** A value as Spark has it in its rows. */
        private Object value(int column, DataType type) {
            if (type instanceof LongType) {
                return Long.valueOf(cells.text(column));
            }
            if (type instanceof DoubleType) {
                return Double.valueOf(cells.text(column));
            }
            if (type instanceof DecimalType decimal) {
                return Decimal.apply(new BigDecimal(cells.text(column)), decimal.precision(), decimal.scale());
            }
            if (type instanceof BooleanType) {
                return Boolean.valueOf(cells.text(column));
            }
            if (type instanceof DateType) {
                return Math.toIntExact(LocalDate.parse(cells.text(column)).toEpochDay());
            }
            if (type instanceof TimestampType) {
                return DateTimeUtils.instantToMicros(Instant.parse(cells.text(column)));
            }
            if (type instanceof TimestampNTZType) {
                return DateTimeUtils.localDateTimeToMicros(LocalDateTime.parse(cells.text(column)));
            }
            return type instanceof BinaryType
                    ? Base64.getDecoder().decode(cells.bytes(column))
                    : UTF8String.fromBytes(cells.bytes(column));
        }
    }
}
