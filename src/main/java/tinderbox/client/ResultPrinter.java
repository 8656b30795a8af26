package tinderbox.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Reader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tinderbox.client.ClientException.Reason;
import tinderbox.json.Json;

/** Prints the rows of a job's result, or writes them to a file. */
public final class ResultPrinter {
    /** Rows of a table if nobody says how many. */
    static final int TABLE_ROWS = 50;

    private static final int PAGE = 10_000;
    private static final int BUFFER = 1 << 16;
    private static final Set<String> NUMBERS = Set.of("integer", "double", "decimal");

    private final TinderboxClient client;
    private final String path;
    private final Rows rows;

    /**
     * Which rows.
     *
     * @param top how many, from the first; 0 for all, or as many as a table shows
     * @param filters as in the API
     * @param sort as in the API; null for the order of the result
     */
    public record Rows(long top, List<String> filters, String sort) {
        public Rows {
            filters = List.copyOf(filters);
        }

        String query() {
            StringBuilder query = new StringBuilder();
            filters.forEach(filter -> query.append("&filter=").append(TinderboxClient.encoded(filter)));
            if (sort != null) {
                query.append("&sort=").append(TinderboxClient.encoded(sort));
            }
            return query.toString();
        }
    }

    public ResultPrinter(TinderboxClient client, String id, Rows rows) {
        this(client, rows, "api/v1/jobs/" + id);
    }

    private ResultPrinter(TinderboxClient client, Rows rows, String path) {
        this.client = client;
        this.path = path + "/result?";
        this.rows = rows;
    }

    /** Of the results of a run set's jobs: no tables, no Parquet, neither filters nor order. */
    public static ResultPrinter ofRunSet(TinderboxClient client, String id, Rows rows) {
        return new ResultPrinter(client, rows, RunSetFollower.path(id));
    }

    /** Prints the rows in a format other than Parquet; what a person should know of them besides goes to {@code err}. */
    public void print(ResultFormat format, PrintWriter out, PrintWriter err)
            throws ClientException, InterruptedException {
        if (format == ResultFormat.TABLE) {
            table(out, err);
            return;
        }
        String download = format == ResultFormat.CSV ? "csv" : "ndjson";
        try (InputStream body = download(download)) {
            switch (format) {
                case CSV -> csv(new InputStreamReader(body, StandardCharsets.UTF_8), out);
                case JSON -> json(new BoundedLines(body), out);
                default -> lines(new BoundedLines(body), out);
            }
            out.flush();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Writes all selected rows as the server sends them. */
    public void write(ResultFormat format, OutputStream file)
            throws ClientException, InterruptedException, IOException {
        InputStream body = download(format.code());
        byte[] buffer = new byte[BUFFER];
        try (body) {
            while (true) {
                int count;
                try {
                    count = body.read(buffer);
                } catch (IOException e) {
                    throw broken(e);
                }
                if (count < 0) {
                    return;
                }
                file.write(buffer, 0, count);
            }
        }
    }

    private InputStream download(String format) throws ClientException, InterruptedException {
        HttpResponse<InputStream> response = client.stream(path + "format=" + format + rows.query());
        return response.body();
    }

    private static ClientException broken(IOException e) {
        return new ClientException(
                Reason.UNAVAILABLE,
                "the connection broke before the whole result had arrived (" + e.getMessage() + "); try again",
                e);
    }

    /** The names of the columns and {@code top} rows; a line end within quotes does not end a row. */
    private void csv(Reader text, PrintWriter out) throws IOException {
        char[] buffer = new char[BUFFER];
        long left = rows.top() == 0 ? Long.MAX_VALUE : rows.top() + 1;
        boolean quoted = false;
        for (int count = text.read(buffer); count >= 0 && left > 0 && !out.checkError(); count = text.read(buffer)) {
            int end = 0;
            while (end < count && left > 0) {
                char c = buffer[end++];
                quoted ^= c == '"';
                if (c == '\n' && !quoted) {
                    left--;
                }
            }
            out.write(buffer, 0, end);
        }
    }

    private void lines(BoundedLines text, PrintWriter out) throws IOException {
        long left = rows.top() == 0 ? Long.MAX_VALUE : rows.top();
        for (String line = text.next(); line != null && left-- > 0; line = text.next()) {
            out.write(line);
            out.write('\n');
            if (left % PAGE == 0 && out.checkError()) {
                return;
            }
        }
    }

    private void json(BoundedLines text, PrintWriter out) throws IOException {
        long left = rows.top() == 0 ? Long.MAX_VALUE : rows.top();
        String before = "[";
        for (String line = text.next(); line != null && left-- > 0; line = text.next()) {
            out.write(before);
            out.write(line);
            before = ",\n";
            if (left % PAGE == 0 && out.checkError()) {
                return;
            }
        }
        out.write(before.equals("[") ? "[]\n" : "]\n");
    }

    /** A page at a time, whose columns are as wide as its cells. */
    private void table(PrintWriter out, PrintWriter err) throws ClientException, InterruptedException {
        long wanted = rows.top() == 0 ? TABLE_ROWS : rows.top();
        long printed = 0;
        long total;
        boolean more;
        do {
            long limit = Math.min(PAGE, wanted - printed);
            JsonObject page = client.get(path + "offset=" + printed + "&limit=" + limit + rows.query())
                    .object();
            List<JsonObject> columns = page.requiredObjects("columns");
            Table table = new Table(
                    columns.stream().map(column -> column.shown("name")).toList(),
                    columns.stream()
                            .map(column -> NUMBERS.contains(column.shown("type")))
                            .toList());
            List<List<String>> cells = new ArrayList<>();
            for (Object row : page.list("rows")) {
                if (!(row instanceof List<?> values) || values.size() != columns.size()) {
                    throw ClientException.foreign(null);
                }
                cells.add(values.stream().map(ResultPrinter::cell).toList());
            }
            table.print(cells, out);
            printed += cells.size();
            total = page.number("total");
            more = !cells.isEmpty() && printed < Math.min(wanted, total) && !out.checkError();
        } while (more);
        out.flush();
        if (printed < total) {
            err.println("tinderbox: these are " + printed + " of " + total
                    + " rows; --top N prints more, --format csv all of them");
        }
    }

    private static String cell(Object value) {
        if (value == null) {
            return "";
        }
        return value instanceof String || value instanceof Number || value instanceof Boolean
                ? String.valueOf(value)
                : new String(Json.write(value), StandardCharsets.UTF_8);
    }
}
