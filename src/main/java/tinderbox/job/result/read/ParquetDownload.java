package tinderbox.job.result.read;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;

/** Writes rows of a result as one Parquet file. It needs two passes: the first finds out the types of the columns. */
public final class ParquetDownload {
    /** What is in memory while it is written. */
    private static final int ROW_GROUP_BYTES = 16 << 20;

    /** About how much is written between two looks at the memory that is used. */
    private static final int UNCHECKED_BYTES = 2 << 20;

    private static final int MAX_UNCHECKED_ROWS = 10_000;
    private static final int BUFFER_BYTES = 1 << 16;

    private final JobResult result;
    private final List<ParquetColumn> columns = new ArrayList<>();
    private int maxRowBytes = 1;

    /** For a result with at least one column, since a Parquet file needs one. */
    public ParquetDownload(JobResult result) {
        this.result = result;
        for (int i = 0; i < result.columns().size(); i++) {
            columns.add(new ParquetColumn(result.columns().get(i).type(), i));
        }
    }

    /**
     * Looks at all rows of the result, so that the types of a file do not depend on what is selected.
     *
     * @param file the rows as CSV, at its beginning; it is closed
     */
    public void observe(SeekableByteChannel file, ResultQuery query, ResultLimits limits) throws IOException {
        try (Rows rows = Rows.of(result, file, query.unselected(), limits)) {
            while (rows.next()) {
                maxRowBytes = Math.max(maxRowBytes, rows.row().length());
                for (ParquetColumn column : columns) {
                    column.observe(rows.row());
                }
            }
        }
    }

    /**
     * Writes the rows that match a query; call {@link #observe} before.
     *
     * @param file the rows as CSV, at its beginning; it is closed
     * @param target is not closed
     */
    public void write(SeekableByteChannel file, ResultQuery query, ResultLimits limits, OutputStream target)
            throws IOException {
        try (Rows rows = Rows.of(result, file, query, limits);
                ParquetWriter<CsvReader> writer = writer(target)) {
            while (rows.next()) {
                writer.write(rows.row());
            }
        }
    }

    private ParquetWriter<CsvReader> writer(OutputStream target) throws IOException {
        int uncheckedRows = Math.min(Math.max(1, UNCHECKED_BYTES / maxRowBytes), MAX_UNCHECKED_ROWS);
        return new Builder(target)
                .withConf(new PlainParquetConfiguration())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize((long) ROW_GROUP_BYTES)
                .withMinRowCountForPageSizeCheck(uncheckedRows)
                .withMaxRowCountForPageSizeCheck(uncheckedRows)
                .build();
    }

    private MessageType schema() {
        List<String> names =
                differentNames(result.columns().stream().map(Column::name).toList());
        List<Type> fields = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            fields.add(columns.get(i).field(names.get(i)));
        }
        return new MessageType("result", fields);
    }

    /**
     * Names of which no two differ only by case, because Spark and DuckDB would take those for the same. The first one
     * stays; another one gets a number.
     */
    static List<String> differentNames(List<String> names) {
        Set<String> taken = new HashSet<>();
        names.forEach(name -> taken.add(name.toLowerCase(Locale.ROOT)));
        Set<String> used = new HashSet<>();
        List<String> different = new ArrayList<>();
        for (String name : names) {
            String free = name;
            if (!used.add(name.toLowerCase(Locale.ROOT))) {
                int number = 2;
                do {
                    free = name + "_" + number++;
                } while (!taken.add(free.toLowerCase(Locale.ROOT)));
            }
            different.add(free);
        }
        return different;
    }

    /** Builds a writer that touches no file system. */
    private final class Builder extends ParquetWriter.Builder<CsvReader, Builder> {
        Builder(OutputStream target) {
            super(new Output(target));
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation")
        protected WriteSupport<CsvReader> getWriteSupport(Configuration unused) {
            return new RowSupport();
        }

        @Override
        protected WriteSupport<CsvReader> getWriteSupport(ParquetConfiguration unused) {
            return new RowSupport();
        }
    }

    /** Writes one row. */
    private final class RowSupport extends WriteSupport<CsvReader> {
        private final MessageType schema = schema();
        private final ByteBuilder scratch = new ByteBuilder();
        private RecordConsumer consumer;

        @Override
        @SuppressWarnings("deprecation")
        public WriteContext init(Configuration unused) {
            return new WriteContext(schema, Map.of());
        }

        @Override
        public WriteContext init(ParquetConfiguration unused) {
            return new WriteContext(schema, Map.of());
        }

        @Override
        public void prepareForWrite(RecordConsumer recordConsumer) {
            consumer = recordConsumer;
        }

        @Override
        public void write(CsvReader row) {
            consumer.startMessage();
            for (int i = 0; i < columns.size(); i++) {
                if (!row.isNull(i)) {
                    String name = schema.getFieldName(i);
                    consumer.startField(name, i);
                    columns.get(i).write(row, consumer, scratch);
                    consumer.endField(name, i);
                }
            }
            consumer.endMessage();
        }
    }

    /** A stream as Parquet wants it. */
    private record Output(OutputStream target) implements OutputFile {
        @Override
        public PositionOutputStream create(long blockSizeHint) {
            return new CountingStream(target);
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) {
            return create(blockSizeHint);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }

    /** Counts the bytes, and buffers them, since Parquet writes some of them one at a time. */
    private static final class CountingStream extends PositionOutputStream {
        private final OutputStream buffered;
        private long position;

        CountingStream(OutputStream target) {
            this.buffered = new BufferedOutputStream(target, BUFFER_BYTES);
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int b) throws IOException {
            buffered.write(b);
            position++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            buffered.write(bytes, from, length);
            position += length;
        }

        @Override
        public void flush() throws IOException {
            buffered.flush();
        }

        /** Leaves the target open. */
        @Override
        public void close() throws IOException {
            buffered.flush();
        }
    }
}
