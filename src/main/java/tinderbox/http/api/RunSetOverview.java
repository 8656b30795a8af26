package tinderbox.http.api;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tinderbox.common.LruMap;
import tinderbox.http.message.QueryParameters;
import tinderbox.job.JobId;
import tinderbox.job.JobState;
import tinderbox.job.JobView;
import tinderbox.job.Outcome;
import tinderbox.job.RunSet;
import tinderbox.job.dispatch.JobArtifacts;
import tinderbox.json.ExactNumbers;
import tinderbox.json.Json;

/** The table of a run set's jobs: what varies of their parameters, how they ended, and the numbers of their summaries. */
final class RunSetOverview {
    private static final int CACHED_SUMMARIES = 4000;
    private static final String GONE = "GONE";
    private static final String SORT = "sort";
    private static final String PARAMS = "params.";
    private static final String SUMMARY = "summary.";
    static final String ROWS = "jobs";

    /** The numbers of the summaries of jobs that have succeeded, which never change; each is in a file of its own. */
    private final Map<JobId, Map<String, Object>> summaries =
            Collections.synchronizedMap(new LruMap<>(CACHED_SUMMARIES));

    /**
     * The table.
     *
     * @param parameters the parameters that vary
     * @param summaries the names of all numbers in the summaries
     */
    @CompiledJson
    record TableJson(
            @JsonAttribute(name = "run_set_id") String id,
            List<String> parameters,
            List<String> summaries,
            List<RowJson> jobs) {}

    /**
     * One job.
     *
     * @param number its place in the run set, from 1
     * @param status its state, or GONE if it was deleted
     */
    @CompiledJson
    record RowJson(
            int number,
            @JsonAttribute(name = "job_id") String jobId,
            String status,
            Map<String, Object> params,
            @JsonAttribute(name = "duration_ms") Long durationMs,
            Map<String, Object> summary,
            ErrorJson error) {}

    /** Why a job failed. */
    @CompiledJson
    record ErrorJson(String code, String message) {}

    /** The statuses of rows. */
    private enum Status {
        PENDING,
        RUNNING,
        CANCELLING,
        SUCCEEDED,
        FAILED,
        CANCELLED,
        GONE
    }

    /** The rows that {@code q} and {@code status} leave, in the order of the combinations or of {@code sort}. */
    TableJson table(RunSet set, Map<JobId, JobView> jobs, JobArtifacts artifacts, QueryParameters query) {
        List<RowJson> rows = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < set.jobs().size(); i++) {
            RowJson row = row(set, i, jobs.get(set.jobs().get(i)), artifacts);
            rows.add(row);
            names.addAll(row.summary.keySet());
        }
        List<String> parameters = List.copyOf(set.forEach().keySet());
        filter(rows, query);
        sort(rows, parameters, query);
        return new TableJson(set.id(), parameters, List.copyOf(names), rows);
    }

    /** The columns of the table as CSV. */
    static List<String> columns(TableJson table) {
        List<String> columns = new ArrayList<>(List.of("number", "job_id", "status"));
        table.parameters.forEach(name -> columns.add(PARAMS + name));
        columns.add("duration_ms");
        table.summaries.forEach(name -> columns.add(SUMMARY + name));
        columns.addAll(List.of("error_code", "error_message"));
        return columns;
    }

    /** The table with a value for each of its columns. */
    static Map<String, Object> flat(TableJson table) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (RowJson row : table.jobs) {
            Map<String, Object> flat = new LinkedHashMap<>();
            flat.put("number", row.number);
            flat.put("job_id", row.jobId);
            flat.put("status", row.status);
            row.params.forEach((name, value) -> flat.put(PARAMS + name, value));
            flat.put("duration_ms", row.durationMs);
            row.summary.forEach((name, value) -> flat.put(SUMMARY + name, value));
            flat.put("error_code", row.error == null ? null : row.error.code);
            flat.put("error_message", row.error == null ? null : row.error.message);
            rows.add(flat);
        }
        return Map.of(ROWS, rows);
    }

    private RowJson row(RunSet set, int number, JobView view, JobArtifacts artifacts) {
        boolean hasFailed =
                view != null && view.job().end() != null && view.job().end().outcome() instanceof Outcome.Failed;
        return new RowJson(
                number + 1,
                set.jobs().get(number).toString(),
                view == null ? GONE : view.job().state().name(),
                ExactNumbers.map(set.combination(number)),
                view == null || view.ran() == null ? null : (Long) view.ran().toMillis(),
                view == null || view.job().state() != JobState.SUCCEEDED ? Map.of() : numbers(view, artifacts),
                hasFailed ? error(view) : null);
    }

    private static ErrorJson error(JobView view) {
        Outcome.Failed failed = (Outcome.Failed) view.job().end().outcome();
        return new ErrorJson(failed.failure().code().code(), failed.failure().message());
    }

    private Map<String, Object> numbers(JobView view, JobArtifacts artifacts) {
        JobId id = view.job().id();
        Map<String, Object> known = summaries.get(id);
        if (known == null) {
            Map<String, Object> numbers = new LinkedHashMap<>();
            Optional<Map<String, Object>> summary = artifacts.summary(view);
            summary.orElse(Map.of()).forEach((name, value) -> {
                if (value instanceof Number) {
                    numbers.put(name, value);
                }
            });
            known = ExactNumbers.map(numbers);
            if (summary.isPresent()) {
                // Otherwise it cannot be read now.
                summaries.put(id, known);
            }
        }
        return known;
    }

    private static void filter(List<RowJson> rows, QueryParameters query) {
        Set<Status> statuses = query.choices("status", Status.class);
        rows.removeIf(row -> !statuses.isEmpty() && !statuses.contains(Status.valueOf(row.status)));
        String text = query.text("q");
        if (text != null) {
            String wanted = text.toLowerCase(Locale.ROOT);
            rows.removeIf(row ->
                    texts(row).noneMatch(each -> each.toLowerCase(Locale.ROOT).contains(wanted)));
        }
    }

    /** What a search finds a row by. */
    private static Stream<String> texts(RowJson row) {
        Stream<String> params = row.params.values().stream()
                .map(value ->
                        value instanceof String text ? text : new String(Json.write(value), StandardCharsets.UTF_8));
        return Stream.concat(params, Stream.of(row.jobId, row.error == null ? "" : row.error.message));
    }

    private static void sort(List<RowJson> rows, List<String> parameters, QueryParameters query) {
        String sort = query.formed(SORT);
        if (sort == null) {
            return;
        }
        boolean descending = sort.startsWith("-");
        String column = descending ? sort.substring(1) : sort;
        boolean known = List.of("number", "status", "duration_ms").contains(column)
                || column.startsWith(SUMMARY)
                || (column.startsWith(PARAMS) && parameters.contains(column.substring(PARAMS.length())));
        if (!known) {
            query.reject(
                    SORT,
                    "must be number, status, duration_ms, params.NAME of a parameter that varies, or summary.NAME; a minus"
                            + " before it sorts descending");
            return;
        }
        Comparator<Object> byValue = descending
                ? Comparator.comparing(value -> value, RunSetOverview::compare).reversed()
                : RunSetOverview::compare;
        // The sort is stable, so that equal ones stay in the order of the combinations.
        rows.sort(Comparator.comparing(row -> value(row, column), Comparator.nullsLast(byValue)));
    }

    private static Object value(RowJson row, String column) {
        return switch (column) {
            case "number" -> row.number;
            case "status" -> row.status;
            case "duration_ms" -> row.durationMs;
            default ->
                column.startsWith(PARAMS)
                        ? row.params.get(column.substring(PARAMS.length()))
                        : row.summary.get(column.substring(SUMMARY.length()));
        };
    }

    /** Numbers by their size and before all else, which is compared as text in lower case. */
    private static int compare(Object one, Object other) {
        boolean bothNumbers = one instanceof Number && other instanceof Number;
        if (bothNumbers) {
            return new BigDecimal(one.toString()).compareTo(new BigDecimal(other.toString()));
        }
        if (one instanceof Number || other instanceof Number) {
            return one instanceof Number ? -1 : 1;
        }
        return String.valueOf(one)
                .toLowerCase(Locale.ROOT)
                .compareTo(String.valueOf(other).toLowerCase(Locale.ROOT));
    }
}
