package tinderbox.job.result.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.result.CellFormat;
import tinderbox.job.result.Column;
import tinderbox.job.result.Csv;
import tinderbox.job.result.JobResult;
import tinderbox.json.Json;

/**
 * Reads several results as one table, part by part. Each row begins with what its source says; then it has the columns of
 * all results by their names, in the order in which they come. A source without a result has one row. One file is open at a
 * time.
 */
public final class CombinedReader implements RowParts {
    private static final int PART_BYTES = 1 << 16;
    /** Of a part, so that many tiny results do not hold the thread that sends them. */
    private static final int MAX_OPENED = 20;

    /** All of them are in memory, and each row has a cell for each. */
    private static final int MAX_COLUMNS = 5_000;

    private static final long MAX_NAME_CHARS = 1 << 20;

    private static final String PREFIX = "result.";

    private final List<String> lead;
    private final List<? extends Source> sources;
    private final Format format;
    private final ResultLimits limits;
    /** The names of the columns after the leading ones. */
    private final List<String> names;

    /** Where each of them is. Results can have many, and every result other ones. */
    private final Map<String, Integer> placeOf = new HashMap<>();

    private ByteBuilder part = new ByteBuilder();
    private boolean begun;
    private int next;
    private Rows rows;
    private List<Object> leading;
    private JobResult result;
    private int[] places;

    /** What a table can be written as. */
    public enum Format {
        CSV,
        /** CSV for spreadsheets: no text is a formula. */
        SAFE_CSV,
        /** One JSON object on each line. */
        NDJSON
    }

    /** A result with what is said about each of its rows. */
    public interface Source {
        /** The columns of the result; empty if there is none. */
        List<Column> columns();

        /** Opens the result; null if there is none. */
        Opened open() throws IOException;

        /** The leading cells; called after {@link #open}. */
        List<Object> lead();
    }

    /** A result and its rows as CSV, at their beginning. */
    public record Opened(JobResult result, SeekableByteChannel rows) {}

    /**
     * Reads these results.
     *
     * @param lead the names of the leading columns; a column of a result with one of these names gets another
     * @throws JobException {@link ErrorCode#LIMIT_EXCEEDED} if the results have too many columns together
     */
    public CombinedReader(List<String> lead, List<? extends Source> sources, Format format, ResultLimits limits) {
        this.lead = List.copyOf(lead);
        this.sources = List.copyOf(sources);
        this.format = format;
        this.limits = limits;
        Set<String> all = new LinkedHashSet<>();
        long chars = 0;
        for (Source source : sources) {
            for (String name : names(source.columns())) {
                chars += all.add(name) ? name.length() : 0;
            }
            if (all.size() > MAX_COLUMNS || chars > MAX_NAME_CHARS) {
                throw new JobException(
                        ErrorCode.LIMIT_EXCEEDED,
                        "The results have more than " + MAX_COLUMNS + " different columns together, or too long names",
                        "download the results one by one");
            }
        }
        this.names = List.copyOf(all);
        names.forEach(name -> placeOf.put(name, placeOf.size()));
    }

    /** The names of a result's columns in the table; no two are equal. */
    private List<String> names(List<Column> columns) {
        Set<String> unique = new LinkedHashSet<>();
        for (Column column : columns) {
            String name = column.name();
            while (lead.contains(name) || unique.contains(name)) {
                name = PREFIX + name;
            }
            unique.add(name);
        }
        return List.copyOf(unique);
    }

    @Override
    public ByteBuffer nextPart() throws IOException {
        if (part.length() > PART_BYTES) {
            // A huge row must not stay in memory until the last part is sent.
            part = new ByteBuilder();
        }
        part.clear();
        if (!begun) {
            begun = true;
            appendHeader();
        }
        int opened = 0;
        while (part.length() < PART_BYTES && (opened < MAX_OPENED || part.length() == 0)) {
            if (rows == null) {
                if (next == sources.size()) {
                    break;
                }
                open(sources.get(next++));
                opened++;
            } else if (rows.next()) {
                appendRow(leading, rows.row());
            } else {
                close();
            }
        }
        return part.view();
    }

    private void open(Source source) throws IOException {
        Opened opened = source.open();
        if (opened == null) {
            appendRow(source.lead(), null);
            return;
        }
        result = opened.result();
        rows = Rows.of(result, opened.rows(), ResultQuery.all(), limits);
        leading = source.lead();
        // A result that is not the one that was described has no place for its other columns.
        places = names(result.columns()).stream()
                .mapToInt(name -> placeOf.getOrDefault(name, -1))
                .toArray();
    }

    private void appendHeader() {
        if (format != Format.NDJSON) {
            List<String> cells = new ArrayList<>(lead);
            cells.addAll(names);
            appendLine(
                    format == Format.SAFE_CSV ? cells.stream().map(Csv::defused).toList() : cells);
        }
    }

    /** Appends a row; {@code row} is null if there is no result. */
    private void appendRow(List<Object> leading, CsvReader row) {
        if (format == Format.NDJSON) {
            appendObject(leading, row);
            return;
        }
        List<String> cells = new ArrayList<>(lead.size() + names.size());
        for (Object value : leading) {
            String text = value == null ? null : value instanceof String string ? string : json(value);
            cells.add(isDefused(value instanceof Number) ? Csv.defused(text) : text);
        }
        for (int i = 0; i < names.size(); i++) {
            cells.add(null);
        }
        for (int i = 0; row != null && i < places.length; i++) {
            if (places[i] >= 0) {
                String text = row.text(i);
                boolean isNumber = result.columns().get(i).type().isNumber();
                cells.set(lead.size() + places[i], isDefused(isNumber) ? Csv.defused(text) : text);
            }
        }
        appendLine(cells);
    }

    private boolean isDefused(boolean isNumber) {
        return format == Format.SAFE_CSV && !isNumber;
    }

    private static String json(Object value) {
        return new String(Json.write(value), StandardCharsets.UTF_8);
    }

    private void appendObject(List<Object> leading, CsvReader row) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < leading.size(); i++) {
            object.put(lead.get(i), leading.get(i));
        }
        for (int i = 0; row != null && i < places.length; i++) {
            if (places[i] >= 0) {
                object.put(
                        names.get(places[i]),
                        CellFormat.json(result.columns().get(i).type(), row.text(i)));
            }
        }
        part.append(Json.write(object));
        part.append('\n');
    }

    private void appendLine(List<String> cells) {
        StringBuilder line = new StringBuilder();
        Csv.append(line, cells);
        part.append(line.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Closes the file that is open. */
    @Override
    public void close() throws IOException {
        Rows open = rows;
        rows = null;
        if (open != null) {
            open.close();
        }
    }
}
