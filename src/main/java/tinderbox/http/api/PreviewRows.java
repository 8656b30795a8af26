package tinderbox.http.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tinderbox.dataset.DatasetPreview;
import tinderbox.jobtype.TableColumns;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/** The first lines of a file as the rows of a table, as the page shows them ({@code table-lines.js}). */
final class PreviewRows {
    private static final List<Character> SEPARATORS = List.of(',', '\t', ';', '|');

    private final String text;
    private final char separator;
    private int at;

    private PreviewRows(String text, char separator) {
        this.text = text;
        this.separator = separator;
    }

    /** The rows; empty if the lines do not split into the columns. */
    static Optional<List<List<String>>> of(DatasetPreview preview, TableColumns.Table table) {
        List<String> names =
                table.columns().stream().map(TableColumns.TableColumn::name).toList();
        if (preview.lines().stream().anyMatch(line -> line.length() >= DatasetPreview.MAX_LINE_CHARS)) {
            return Optional.empty();
        }
        return switch (table.format()) {
            case "json" -> ofJson(preview.lines(), names);
            case "csv", "tsv" ->
                delimited(withoutByteOrderMark(String.join("\n", preview.lines())), preview.more(), names);
            default -> Optional.empty();
        };
    }

    /** Spreadsheets begin their files with one; it is not part of the first name. */
    private static String withoutByteOrderMark(String text) {
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    private static Optional<List<List<String>>> ofJson(List<String> lines, List<String> names) {
        List<List<String>> rows = new ArrayList<>();
        try {
            for (String line : lines) {
                if (!line.isBlank()) {
                    Map<String, Object> row = Json.readObject(line.getBytes(StandardCharsets.UTF_8));
                    List<String> cells = new ArrayList<>();
                    names.forEach(name -> cells.add(cell(row.get(name))));
                    rows.add(cells);
                }
            }
        } catch (MalformedJsonException e) {
            return Optional.empty();
        }
        return Optional.of(rows);
    }

    private static String cell(Object value) {
        if (value == null || value instanceof String) {
            return (String) value;
        }
        return new String(Json.write(value), StandardCharsets.UTF_8);
    }

    private static Optional<List<List<String>>> delimited(String text, boolean more, List<String> names) {
        for (char separator : SEPARATORS) {
            List<List<String>> rows = new PreviewRows(text, separator).rows(more);
            boolean fits = !rows.isEmpty() && rows.get(0).size() == names.size();
            if (fits && (names.size() > 1 || separator == ',')) {
                boolean hasHeading =
                        rows.get(0).stream().map(String::strip).toList().equals(names);
                return Optional.of(rows.stream()
                        .skip(hasHeading ? 1 : 0)
                        .map(row -> cells(row, names.size()))
                        .toList());
            }
        }
        return Optional.empty();
    }

    private static List<String> cells(List<String> row, int size) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            cells.add(i < row.size() ? row.get(i) : null);
        }
        return cells;
    }

    /** Rows without empty lines. If the last row does not end in the text, it is left out, or there is none. */
    private List<List<String>> rows(boolean more) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        while (at <= text.length()) {
            Optional<String> cell = nextCell();
            if (cell.isEmpty()) {
                return more ? rows : List.of();
            }
            row.add(cell.get());
            if (at >= text.length() || text.charAt(at) == '\n') {
                if (row.size() > 1 || !row.get(0).isEmpty()) {
                    rows.add(row);
                }
                row = new ArrayList<>();
            }
            at++;
        }
        return rows;
    }

    /** Reads to the end of a cell; empty if its closing quote is missing. */
    private Optional<String> nextCell() {
        StringBuilder cell = new StringBuilder();
        if (at < text.length() && text.charAt(at) == '"') {
            int end = closingQuote(at + 1);
            if (end < 0) {
                return Optional.empty();
            }
            cell.append(text.substring(at + 1, end).replace("\"\"", "\""));
            at = end + 1;
        }
        int from = at;
        while (at < text.length() && text.charAt(at) != separator && text.charAt(at) != '\n') {
            at++;
        }
        return Optional.of(cell.append(text, from, at).toString());
    }

    private int closingQuote(int from) {
        int quote = text.indexOf('"', from);
        while (quote >= 0 && text.startsWith("\"\"", quote)) {
            quote = text.indexOf('"', quote + 2);
        }
        return quote;
    }
}
