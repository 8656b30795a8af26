package tinderbox.jobtype.sql;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.catalyst.csv.CSVInferSchema;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import tinderbox.dataset.UnreadableFileException;
import tinderbox.jobtype.InputReader;

/**
 * The columns of CSV files, found out from their beginnings in tasks. Spark's own way takes two jobs over all of their
 * lines, and does not notice that files of a folder have different columns.
 *
 * @param file the first file that is not empty, by its path; null if there is none
 * @param first the values of its first record, some of which may be null
 * @param types what the columns have so far
 * @param other a file whose first record differs, or null
 */
record CsvColumns(String file, List<String> first, List<DataType> types, String other) implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final CsvColumns NONE = new CsvColumns(null, List.of(), List.of(), null);

    /** What several files have in common. */
    static CsvColumns of(Iterator<FileSample> samples, InputReader reader, SqlOptions options) throws IOException {
        CsvColumns all = NONE;
        while (samples.hasNext() && all.other == null) {
            all = all.with(read(samples.next(), reader, options), options);
        }
        return all;
    }

    /** What these files and those after them have in common. */
    CsvColumns with(CsvColumns those, SqlOptions options) {
        if (file == null || those.file == null) {
            return file == null ? those : this;
        }
        String differs = options.header() && !first.equals(those.first) ? those.file : those.other;
        DataType[] merged = new CSVInferSchema(options.csv()).mergeRowTypes(array(types), array(those.types));
        return new CsvColumns(file, first, List.of(merged), other == null ? differs : other);
    }

    private static DataType[] array(List<DataType> types) {
        return types.toArray(DataType[]::new);
    }

    private static CsvColumns read(FileSample sample, InputReader reader, SqlOptions options) throws IOException {
        try (InputStream content = NotText.refuse(reader.open(sample.file()), sample.file(), options)) {
            SampledInputStream bytes = new SampledInputStream(content, sample.bytes());
            BufferedReader text = new BufferedReader(new InputStreamReader(bytes, options.charset()));
            text.mark(1);
            if (text.read() != '\ufeff') {
                text.reset();
            }
            CSVOptions csv = options.csv();
            Records records = options.isMultiline() ? new Stream(text, csv) : new Lines(text, csv);
            return read(sample, records, bytes, options);
        } catch (TextParsingException e) {
            // Without the cause, which is an index of an array.
            throw new UnreadableFileException(
                    sample.file().address(),
                    new IOException("it has a value that is too long, or a record with too many values; is it CSV?"));
        }
    }

    private static CsvColumns read(FileSample sample, Records records, SampledInputStream bytes, SqlOptions options)
            throws IOException {
        String[] first = records.next();
        if (first == null) {
            if (bytes.isCut()) {
                throw new UnreadableFileException(
                        sample.file().address(), new IOException("its first line is too long; is it CSV?"));
            }
            return NONE;
        }
        CSVInferSchema inference = new CSVInferSchema(options.csv());
        DataType[] types = new DataType[first.length];
        Arrays.fill(types, options.infer() ? DataTypes.NullType : DataTypes.StringType);
        String[] record = options.header() ? records.next() : first;
        while (record != null && options.infer()) {
            String[] next = bytes.isEnough() ? null : records.next();
            // Otherwise it may be incomplete.
            if (next != null || !bytes.isCut()) {
                types = withRecord(types, record, inference, options);
            }
            record = next;
        }
        return new CsvColumns(
                sample.file().path(), Collections.unmodifiableList(Arrays.asList(first)), List.of(types), null);
    }

    /**
     * Spark takes every failure to parse a value for a sign that the value is of another type, even if there was no memory
     * for it, so what becomes text is tried once more.
     */
    private static DataType[] withRecord(
            DataType[] types, String[] record, CSVInferSchema inference, SqlOptions options) {
        // It changes the array.
        DataType[] next = inference.inferRowType(types.clone(), record);
        for (int i = 0; i < Math.min(types.length, next.length); i++) {
            boolean becomesText = next[i] instanceof StringType && !(types[i] instanceof StringType);
            if (becomesText) {
                return new CSVInferSchema(options.csv()).inferRowType(types, record);
            }
        }
        return next;
    }

    /** The records of a text. */
    private interface Records {
        /** The values of the next record; null after the last. */
        String[] next() throws IOException;
    }

    /** Each line is a record, as when Spark reads the file. */
    private static final class Lines implements Records {
        private final BufferedReader text;
        private final CSVOptions csv;
        private final CsvParser parser;

        private Lines(BufferedReader text, CSVOptions csv) {
            this.text = text;
            this.csv = csv;
            this.parser = new CsvParser(csv.asParserSettings());
        }

        @Override
        public String[] next() throws IOException {
            for (String line = text.readLine(); line != null; line = text.readLine()) {
                boolean isComment = csv.isCommentSet() && line.startsWith(Character.toString(csv.comment()));
                if (!line.isBlank() && !isComment) {
                    return parser.parseLine(line);
                }
            }
            return null;
        }
    }

    /** A record may go over several lines. */
    private static final class Stream implements Records {
        private final CsvParser parser;

        private Stream(BufferedReader text, CSVOptions csv) {
            this.parser = new CsvParser(csv.asParserSettings());
            parser.beginParsing(text);
        }

        @Override
        public String[] next() {
            return parser.parseNext();
        }
    }
}
