package tinderbox.job.result.read;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tinderbox.job.result.CellFormat;
import tinderbox.job.result.Column;
import tinderbox.job.result.Csv;
import tinderbox.job.result.JobResult;
import tinderbox.json.Json;

/** The formats of downloads that are lines of text. */
public enum LineFormat {
    /** As the result is on the disk. */
    CSV {
        @Override
        void appendHeader(JobResult result, ByteBuilder target) {
            appendLine(result.columns().stream().map(Column::name).toList(), target);
        }

        @Override
        void append(JobResult result, CsvReader row, ByteBuilder target) {
            row.appendRecord(target);
        }
    },
    /**
     * CSV for spreadsheets. Every cell but numbers is {@linkplain Csv#defused defused}: text, but also Base64, which can
     * begin with a plus sign, and dates, which have a sign if their year is negative or beyond 9999.
     */
    SAFE_CSV {
        @Override
        void appendHeader(JobResult result, ByteBuilder target) {
            appendLine(
                    result.columns().stream()
                            .map(column -> Csv.defused(column.name()))
                            .toList(),
                    target);
        }

        @Override
        void append(JobResult result, CsvReader row, ByteBuilder target) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < result.columns().size(); i++) {
                String text = row.text(i);
                cells.add(result.columns().get(i).type().isNumber() ? text : Csv.defused(text));
            }
            appendLine(cells, target);
        }
    },
    /** One JSON object on each line. */
    NDJSON {
        @Override
        void appendHeader(JobResult result, ByteBuilder target) {}

        @Override
        void append(JobResult result, CsvReader row, ByteBuilder target) {
            List<Column> columns = result.columns();
            Map<String, Object> object = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                object.put(columns.get(i).name(), CellFormat.json(columns.get(i).type(), row.text(i)));
            }
            target.append(Json.write(object));
            target.append('\n');
        }
    };

    /** Appends what is before the first row. */
    abstract void appendHeader(JobResult result, ByteBuilder target);

    abstract void append(JobResult result, CsvReader row, ByteBuilder target);

    private static void appendLine(List<String> cells, ByteBuilder target) {
        StringBuilder line = new StringBuilder();
        Csv.append(line, cells);
        target.append(line.toString().getBytes(StandardCharsets.UTF_8));
    }
}
