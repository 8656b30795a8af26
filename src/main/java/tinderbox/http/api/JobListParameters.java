package tinderbox.http.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tinderbox.http.message.QueryParameters;
import tinderbox.job.JobFilter;
import tinderbox.job.JobId;
import tinderbox.job.JobOrigin;
import tinderbox.job.JobQuery;
import tinderbox.job.JobSort;
import tinderbox.job.JobState;
import tinderbox.job.Labels;
import tinderbox.json.ExactNumbers;

/** The query parameters of the list of jobs. */
final class JobListParameters {
    private static final String OFFSET = "offset";
    private static final String SORT = "sort";
    private static final String BEFORE = "before";
    private static final String AFTER = "after";
    private static final String LABEL = "label";
    private static final String RERUN_OF = "rerun_of";
    private static final int MAX_PAGE = 500;

    private JobListParameters() {}

    /** Reads the query of a request; the caller checks it. */
    static JobQuery read(QueryParameters query) {
        JobFilter filter = new JobFilter(
                query.choices("status", JobState.class),
                query.text("type"),
                query.text("q"),
                query.text("submitted_by"),
                query.instant("since"),
                query.instant("until"),
                origin(query),
                labels(query));
        JobSort sort = sort(query);
        Long before = JobCursor.read(query, BEFORE);
        Long after = JobCursor.read(query, AFTER);
        boolean isPlaced = before != null || after != null;
        if (before != null && after != null) {
            query.reject(AFTER, "does not go with before");
        }
        if (isPlaced && sort != null) {
            query.reject(SORT, "does not go with before or after");
        }
        if (isPlaced && query.has(OFFSET)) {
            query.reject(OFFSET, "does not go with before or after");
        }
        int limit = (int) query.number("limit", 50, 1, MAX_PAGE);
        long maxOffset = sort == null ? ExactNumbers.MAX_NUMBER : JobSort.MAX_OFFSET;
        long offset = query.number(OFFSET, 0, 0, maxOffset);
        return new JobQuery(filter, sort, before, after, limit, offset);
    }

    private static JobOrigin origin(QueryParameters query) {
        String rerunOf = id(query, RERUN_OF, "job");
        return JobOrigin.of(
                rerunOf == null ? null : JobId.parse(rerunOf),
                id(query, "run_set", "run set"),
                id(query, "preset", "preset"));
    }

    private static String id(QueryParameters query, String parameter, String of) {
        String id = query.formed(parameter);
        if (id == null || JobId.isWellFormed(id)) {
            return id;
        }
        query.reject(parameter, "must be the id of a " + of);
        return null;
    }

    private static List<JobFilter.Label> labels(QueryParameters query) {
        List<JobFilter.Label> labels = new ArrayList<>();
        for (String label : query.texts(LABEL, Labels.MAX)) {
            int colon = label.indexOf(':');
            String key = colon < 0 ? label : label.substring(0, colon);
            if (Labels.isKey(key)) {
                labels.add(new JobFilter.Label(key, colon < 0 ? null : label.substring(colon + 1)));
            } else {
                query.reject(LABEL, "must be KEY or KEY:VALUE, with a key of " + Labels.KEY_RULE);
            }
        }
        return labels;
    }

    private static JobSort sort(QueryParameters query) {
        String sort = query.formed(SORT);
        if (sort == null) {
            return null;
        }
        boolean descending = sort.startsWith("-");
        String name = descending ? sort.substring(1) : sort;
        for (JobSort.Column column : JobSort.Column.values()) {
            if (name(column).equals(name)) {
                return new JobSort(column, descending);
            }
        }
        query.reject(
                SORT,
                "must be one of "
                        + Arrays.stream(JobSort.Column.values())
                                .map(JobListParameters::name)
                                .collect(Collectors.joining(", "))
                        + "; a minus before it sorts descending");
        return null;
    }

    private static String name(JobSort.Column column) {
        return column.name().toLowerCase(Locale.ROOT);
    }

    /** The URL of the next page in the direction of the query, or null. */
    static String next(QueryParameters query, JobQuery read, Long next) {
        if (next == null) {
            return null;
        }
        String place = read.after() == null ? BEFORE : AFTER;
        return query.link("/api/v1/jobs", place, JobCursor.of(next), List.of(OFFSET, BEFORE, AFTER, SORT));
    }
}
