package tinderbox.http.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tinderbox.common.Sha256;
import tinderbox.http.message.PercentCodec;
import tinderbox.http.message.QueryParameters;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.read.ColumnFilter;
import tinderbox.job.result.read.ColumnSort;
import tinderbox.job.result.read.ResultQuery;

/** The parameters {@code fold}, {@code q}, {@code sort} and {@code filter} of a request, before the columns of the result are known. */
final class RowSelection {
    private static final int MAX_SORT_COLUMNS = 3;
    private static final int MAX_FILTERS = 10;
    private static final int MAX_VALUES = 2000;
    private static final int MAX_SHOWN_CHARS = 100;
    private static final int FINGERPRINT_CHARS = 16;

    private static final String FILTER_FORM = "must be COLUMN:OP:VALUE, such as count:ge:10, where OP is one of "
            + List.of(ColumnFilter.Operator.values()).stream()
                    .map(ColumnFilter.Operator::code)
                    .collect(Collectors.joining(", "))
            + "; the last two take no value, in and notin values joined by commas";

    private final QueryParameters query;
    private final boolean foldCase;
    private final String text;
    private final List<Filter> filters = new ArrayList<>();
    private final List<Sort> sort = new ArrayList<>();

    /** Several values only if the operator takes a list. */
    private record Filter(String column, ColumnFilter.Operator operator, List<String> values) {}

    private record Sort(String column, boolean descending) {}

    private RowSelection(QueryParameters query) {
        this.query = query;
        this.foldCase = query.choice("fold", List.of("case")) != null;
        this.text = query.text("q");
        String order = query.text("sort");
        if (order != null) {
            readSort(order);
        }
        query.texts("filter", MAX_FILTERS).forEach(this::readFilter);
    }

    /** Reads the parameters; {@link QueryParameters#check} reports what is wrong with them. */
    static RowSelection of(QueryParameters query) {
        return new RowSelection(query);
    }

    private void readSort(String order) {
        String[] names = order.split(",", -1);
        if (names.length > MAX_SORT_COLUMNS) {
            query.reject("sort", "must have at most " + MAX_SORT_COLUMNS + " columns");
            return;
        }
        for (String name : names) {
            boolean descending = name.startsWith("-");
            decoded("sort", descending ? name.substring(1) : name)
                    .ifPresent(column -> sort.add(new Sort(column, descending)));
        }
    }

    private void readFilter(String filter) {
        String[] parts = filter.split(":", 3);
        Optional<ColumnFilter.Operator> operator =
                parts.length == 1 ? Optional.empty() : ColumnFilter.Operator.ofCode(parts[1]);
        if (operator.isEmpty() || operator.get().takesValue() != (parts.length == 3)) {
            query.reject("filter", FILTER_FORM);
            return;
        }
        String[] encoded = parts.length < 3
                ? new String[0]
                : operator.get().takesList() ? parts[2].split(",", -1) : new String[] {parts[2]};
        if (encoded.length > MAX_VALUES) {
            query.reject("filter", "must have at most " + MAX_VALUES + " values");
            return;
        }
        List<String> values = new ArrayList<>();
        for (String each : encoded) {
            decoded("filter", each).ifPresent(values::add);
        }
        Optional<String> column = decoded("filter", parts[0]);
        if (column.isPresent() && values.size() == encoded.length) {
            filters.add(new Filter(column.get(), operator.get(), values));
        }
    }

    private Optional<String> decoded(String parameter, String encoded) {
        try {
            return Optional.of(PercentCodec.decodeAgain(encoded));
        } catch (JobException e) {
            query.reject(parameter, "has a percent sign that begins no escape; percent-encode names and values twice");
            return Optional.empty();
        }
    }

    /** Whether the request has any of the parameters. */
    boolean isPresent() {
        return foldCase || text != null || !filters.isEmpty() || !sort.isEmpty();
    }

    /** Differs for different selections. */
    String fingerprint() {
        String all = text + filters + sort + (foldCase ? "fold" : "");
        return Sha256.hex(all.getBytes(StandardCharsets.UTF_8)).substring(0, FINGERPRINT_CHARS);
    }

    /** Whether rows are sorted, by the request or because they are added up. */
    boolean sorts() {
        return foldCase || !sort.isEmpty();
    }

    /**
     * The query for a result.
     *
     * @param hasSql whether a job can run SQL over the result
     * @param together the columns that a search looks in as if they were one; empty if it looks in each
     * @throws JobException {@link tinderbox.job.ErrorCode#BAD_QUERY} if a column does not exist, or a value does not fit it
     */
    ResultQuery bind(JobId id, JobResult result, boolean hasSql, List<String> together) {
        if (!isPresent()) {
            return ResultQuery.all();
        }
        if (foldCase && !ResultQuery.canFold(result)) {
            query.reject("fold", "needs a result with two columns, a text and a whole number");
        }
        List<ColumnFilter> columnFilters = new ArrayList<>();
        for (Filter filter : filters) {
            index("filter", filter.column, result).ifPresent(index -> bind(filter, index, result, columnFilters));
        }
        List<ColumnSort> columnSorts = new ArrayList<>();
        Set<Integer> sorted = new HashSet<>();
        for (Sort each : sort) {
            index("sort", each.column, result).ifPresent(index -> {
                if (!sorted.add(index)) {
                    query.reject("sort", "must name a column only once");
                }
                columnSorts.add(
                        new ColumnSort(index, result.columns().get(index).type(), each.descending));
            });
        }
        query.check();
        List<String> names = names(result);
        return new ResultQuery(
                foldCase,
                text,
                names.containsAll(together)
                        ? together.stream().map(names::indexOf).toList()
                        : List.of(),
                columnFilters,
                columnSorts,
                hasSql
                        ? sqlInstead(id, result)
                        : "filter it to fewer rows, or download it with ?format=csv and use that file");
    }

    private void bind(Filter filter, int index, JobResult result, List<ColumnFilter> bound) {
        try {
            Column.Type type = result.columns().get(index).type();
            bound.add(
                    filter.operator.takesList()
                            ? ColumnFilter.ofList(index, type, filter.operator, filter.values)
                            : ColumnFilter.of(
                                    index,
                                    type,
                                    filter.operator,
                                    filter.values.isEmpty() ? null : filter.values.get(0)));
        } catch (IllegalArgumentException e) {
            query.reject("filter", "of the column " + shown(filter.column) + " " + e.getMessage());
        }
    }

    private Optional<Integer> index(String parameter, String name, JobResult result) {
        int index = names(result).indexOf(name);
        if (index < 0) {
            query.reject(parameter, "names the column " + shown(name) + ", which the result does not have");
            return Optional.empty();
        }
        return Optional.of(index);
    }

    private static List<String> names(JobResult result) {
        return result.columns().stream().map(Column::name).toList();
    }

    private static String shown(String name) {
        return name.codePointCount(0, name.length()) <= MAX_SHOWN_CHARS
                ? name
                : name.substring(0, name.offsetByCodePoints(0, MAX_SHOWN_CHARS)) + "…";
    }

    private String sqlInstead(JobId id, JobResult result) {
        if (foldCase) {
            List<String> names = result.columns().stream()
                    .map(column -> '`' + column.name().replace("`", "``") + '`')
                    .toList();
            return "run a query instead: SELECT lower(" + names.get(0) + "), sum(" + names.get(1) + ") FROM `results/"
                    + id + "` GROUP BY 1 ORDER BY 2 DESC";
        }
        String order = sort.stream()
                .map(each ->
                        '`' + each.column.replace("`", "``") + '`' + (each.descending ? " DESC" : "") + " NULLS LAST")
                .collect(Collectors.joining(", "));
        return "run a query instead: SELECT * FROM `results/" + id + "`"
                + (filters.isEmpty() && text == null ? "" : " WHERE …") + (order.isEmpty() ? "" : " ORDER BY " + order);
    }
}
