package tinderbox.http.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import tinderbox.http.message.QueryParameters;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseBody;
import tinderbox.job.result.Csv;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/**
 * The format of a list: JSON, or CSV with a line for each item. The CSV has the values of the JSON, objects and lists as
 * JSON.
 *
 * @param isCsv whether it is CSV
 * @param safe whether cells that a spreadsheet would run as formulas begin with an apostrophe
 * @param bom whether it begins with a byte order mark
 */
record TableFormat(boolean isCsv, boolean safe, boolean bom) {
    static final String CONTENT_TYPE = "text/csv; charset=utf-8; header=present";
    private static final String BYTE_ORDER_MARK = "\ufeff";

    /** Reads the parameters {@code format}, {@code safe} and {@code bom}; the caller checks them. */
    static TableFormat of(QueryParameters query) {
        boolean csv = "csv".equals(query.choice("format", List.of("json", "csv")));
        return new TableFormat(csv, query.flag("safe") && csv, query.flag("bom") && csv);
    }

    /**
     * The response with a list that is in memory.
     *
     * @param json the response in JSON, an object
     * @param member the list in it, whose name is also that of the file
     * @param columns the members of each item that become columns
     */
    Response.Complete response(Object json, String member, List<String> columns) {
        byte[] bytes = Json.write(json);
        if (!isCsv) {
            return Response.json(200, bytes);
        }
        StringBuilder csv = head(columns);
        ((List<?>) read(bytes).get(member)).forEach(item -> append(csv, columns, (Map<?, ?>) item));
        return Response.download(ResponseBody.of(utf8(csv)), CONTENT_TYPE, member + ".csv");
    }

    /**
     * The response with rows as CSV.
     *
     * @param isNumber whether a column has numbers, which are no formulas
     */
    Response.Complete rows(String name, List<String> columns, List<List<String>> rows, IntPredicate isNumber) {
        StringBuilder csv = head(safe ? columns.stream().map(Csv::defused).toList() : columns);
        for (List<String> row : rows) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                cells.add(safe && !isNumber.test(i) ? Csv.defused(row.get(i)) : row.get(i));
            }
            Csv.append(csv, cells);
        }
        return Response.download(ResponseBody.of(utf8(csv)), CONTENT_TYPE, name + ".csv");
    }

    /** Its CSV, which is made while it is sent. */
    ResponseBody csv(List<String> columns, ListDownloads.Items items) {
        return new Lines(columns, items);
    }

    private final class Lines implements ResponseBody {
        private static final int PART = 1 << 16;

        private final List<String> columns;
        private final ListDownloads.Items items;
        private boolean isBegun;

        private Lines(List<String> columns, ListDownloads.Items items) {
            this.columns = columns;
            this.items = items;
        }

        @Override
        public long size() {
            return -1;
        }

        @Override
        public ByteBuffer next() throws IOException {
            StringBuilder part = isBegun ? new StringBuilder() : head(columns);
            isBegun = true;
            List<?> some;
            do {
                some = items.next();
                some.forEach(item -> append(part, columns, read(Json.write(item))));
            } while (part.length() < PART && !some.isEmpty());
            return ByteBuffer.wrap(utf8(part));
        }

        @Override
        public void close() throws IOException {
            items.close();
        }
    }

    private StringBuilder head(List<String> columns) {
        StringBuilder head = new StringBuilder(bom ? BYTE_ORDER_MARK : "");
        Csv.append(head, columns);
        return head;
    }

    private void append(StringBuilder csv, List<String> columns, Map<?, ?> item) {
        List<String> cells = new ArrayList<>();
        columns.forEach(column -> cells.add(cell(item.get(column))));
        Csv.append(csv, cells);
    }

    private static byte[] utf8(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> read(byte[] bytes) {
        try {
            return Json.readObject(bytes);
        } catch (MalformedJsonException e) {
            throw new IllegalStateException(e);
        }
    }

    private String cell(Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return value == null ? null : value.toString();
        }
        String text = value instanceof String string ? string : new String(Json.write(value), StandardCharsets.UTF_8);
        return safe ? Csv.defused(text) : text;
    }
}
