package tinderbox.job.result;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tinderbox.common.LongRead;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** Reads a published result's rows, a page of them at a time. */
public final class ResultReader implements AutoCloseable {
    private static final int CHUNK_CHARS = 1 << 16;
    private static final int CHECK_EVERY_ROWS = 256;

    /** A page ends once it has this many characters. */
    private static final int MAX_PAGE_CHARS = 4 << 20;

    private final JobResult result;
    private final Csv.Parser csv;
    private boolean headerRead;

    /** Reads {@code rows}, the CSV file that {@code result} describes; {@link #close} closes it. */
    public ResultReader(JobResult result, InputStream rows) {
        this.result = result;
        this.csv = new Csv.Parser(rows);
    }

    /**
     * The rows from {@code offset}. A page of very large cells has fewer rows than {@code limit}, but at least one.
     *
     * @param rows the CSV file that {@code result} describes, at its beginning; it is closed
     * @param text only rows whose first column contains it, ignoring case; null for all rows
     */
    public static ResultPage page(JobResult result, SeekableByteChannel rows, long offset, int limit, String text)
            throws IOException {
        try (rows) {
            String filter = text == null ? "" : text.toLowerCase(Locale.ROOT);
            Csv.skip(rows, filter.isEmpty() ? 1 + offset : 1);
            ResultReader reader = new ResultReader(result, Channels.newInputStream(rows));
            return reader.page(offset, filter.isEmpty() ? offset : 0, limit, filter);
        }
    }

    private ResultPage page(long offset, long skipped, int limit, String filter) throws IOException {
        List<List<Object>> page = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        long number = skipped;
        long matching = skipped;
        long chars = 0;
        long rows = 0;
        for (List<String> cells = csv.next(); cells != null; cells = csv.next()) {
            if (++rows % CHECK_EVERY_ROWS == 0) {
                checkTime();
            }
            boolean full = page.size() == limit || chars > MAX_PAGE_CHARS;
            if (filter.isEmpty() && full) {
                break;
            }
            number++;
            if (!contains(cells.get(0), filter)) {
                continue;
            }
            if (matching >= offset && !full) {
                page.add(values(cells));
                numbers.add(number);
                chars += size(cells);
            }
            matching++;
        }
        long total = filter.isEmpty() ? result.rows() : matching;
        return new ResultPage(result.columns(), page, numbers, offset, limit, total);
    }

    /** Fails if the time is over, because a page with a wrong total or wrong rows would look complete. */
    static void checkTime() {
        if (LongRead.current().isOver()) {
            throw new JobException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "The result is too large to be searched, or paged this far, within the time that a request has",
                    "download it with ?format=csv, and look in that file");
        }
    }

    private static long size(List<String> cells) {
        return cells.stream()
                .mapToLong(cell -> cell == null ? 0 : cell.length())
                .sum();
    }

    private static boolean contains(String cell, String filter) {
        return filter.isEmpty()
                || (cell != null && cell.toLowerCase(Locale.ROOT).contains(filter));
    }

    private List<Object> values(List<String> cells) {
        List<Object> row = new ArrayList<>(cells.size());
        for (int i = 0; i < cells.size(); i++) {
            row.add(CellFormat.json(result.columns().get(i).type(), cells.get(i)));
        }
        return row;
    }

    /** The next rows, about 64 KiB, with values as in {@link ResultPage#rows}; empty after the last. */
    public List<List<Object>> nextRows() throws IOException {
        if (!headerRead) {
            csv.next();
            headerRead = true;
        }
        List<List<Object>> rows = new ArrayList<>();
        for (long chars = 0; chars < CHUNK_CHARS; ) {
            List<String> cells = csv.next();
            if (cells == null) {
                break;
            }
            rows.add(values(cells));
            chars += size(cells) + 1;
        }
        return rows;
    }

    /**
     * The next rows as CSV, about 64 KiB, first the names of the columns; empty after the last. Every cell but numbers is
     * {@linkplain Csv#defused defused}: text, but also Base64, which can begin with a plus sign, and dates, which have a
     * sign if their year is negative or beyond 9999.
     */
    public byte[] nextDefused() throws IOException {
        StringBuilder part = new StringBuilder();
        while (part.length() < CHUNK_CHARS) {
            List<String> cells = csv.next();
            if (cells == null) {
                break;
            }
            for (int i = 0; i < result.columns().size(); i++) {
                if (!headerRead || !result.columns().get(i).type().isNumber()) {
                    cells.set(i, Csv.defused(cells.get(i)));
                }
            }
            headerRead = true;
            Csv.append(part, cells);
        }
        return part.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }
}
