package tinderbox.jobtype.sql;

import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.csv.CSVFileFormat;
import org.apache.spark.sql.execution.datasources.json.JsonFileFormat;
import org.apache.spark.sql.execution.datasources.orc.OrcFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.text.TextFileFormat;
import tinderbox.dataset.Compression;

/** What a file of a table is, judged by its name. */
enum SqlFormat {
    CSV("CSV", ".csv"),
    TSV("TSV", ".tsv"),
    JSON("JSON", ".json .ndjson .jsonl"),
    PARQUET("Parquet", ".parquet"),
    ORC("ORC", ".orc"),
    /** Everything else: each line is a row. */
    TEXT("text", "");

    private final String title;
    /** Between blanks. */
    private final String endings;

    SqlFormat(String title, String endings) {
        this.title = title;
        this.endings = endings;
    }

    /** The format of a file of this name: its ending, before that of a compression. */
    static SqlFormat of(String name) {
        String plain = withoutCompression(name.toLowerCase(Locale.ROOT));
        for (SqlFormat format : values()) {
            if (Stream.of(format.endings.split(" ", -1)).anyMatch(plain::endsWith)) {
                return format;
            }
        }
        return TEXT;
    }

    private static String withoutCompression(String name) {
        return Compression.of(name).isCompressed() ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    /** The format that a function such as {@code read_csv} reads. */
    static SqlFormat ofReader(String reader) {
        return valueOf(reader.substring("read_".length()).toUpperCase(Locale.ROOT));
    }

    /** The name for users. */
    String title() {
        return title;
    }

    /** The name in the API. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The function that reads it. */
    String reader() {
        return "read_" + code();
    }

    /** Whether its files have text in lines, and can be compressed as a whole. */
    boolean isText() {
        return this != PARQUET && this != ORC;
    }

    /** Spark's source for it. */
    FileFormat source() {
        return switch (this) {
            case CSV, TSV -> new CSVFileFormat();
            case JSON -> new JsonFileFormat();
            case PARQUET -> new ParquetFileFormat();
            case ORC -> new OrcFileFormat();
            case TEXT -> new TextFileFormat();
        };
    }
}
