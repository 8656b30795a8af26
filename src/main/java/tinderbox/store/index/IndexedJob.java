package tinderbox.store.index;

import java.util.Map;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobOrigin;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;

/**
 * What lists need of a job. Times are in ms since 1970.
 *
 * @param searchable what a search examines besides the id: the name, and after line feeds the search text, the
 *     beginning of the note, and the code and the message of a failure
 * @param startedAt when its attempt began; null unless it runs
 * @param endedAt when it ended, or null
 * @param ran how long its last attempt ran, in ms; null unless it has ended and had one
 * @param origin what it comes from
 */
public record IndexedJob(
        long seq,
        JobId id,
        JobState state,
        String type,
        String submittedBy,
        String searchable,
        long submittedAt,
        Long startedAt,
        Long endedAt,
        Long ran,
        JobOrigin origin,
        Map<String, String> labels) {
    static IndexedJob of(Job job) {
        JobRequest request = job.request();
        return new IndexedJob(
                request.seq(),
                request.id(),
                job.state(),
                request.type(),
                request.submittedBy(),
                searchable(job),
                request.submittedAt().toEpochMilli(),
                job.state().isRunning() ? job.startedAt().toEpochMilli() : null,
                job.end() == null ? null : job.end().at().toEpochMilli(),
                job.end() == null || job.startedAt() == null
                        ? null
                        : job.end().ran().toMillis(),
                request.origin(),
                job.labels());
    }

    private static String searchable(Job job) {
        StringBuilder text =
                new StringBuilder(job.name()).append('\n').append(job.request().searchText());
        if (job.note() != null) {
            text.append('\n').append(beginning(job.note()));
        }
        if (job.end() != null && job.end().outcome() instanceof Outcome.Failed failed) {
            Failure failure = failed.failure();
            text.append('\n').append(failure.code().code()).append('\n').append(beginning(failure.message()));
        }
        return text.toString();
    }

    /** Of a long text, only so much is searched as of a long search text. */
    private static String beginning(String text) {
        int searched = Math.min(text.codePointCount(0, text.length()), JobRequest.MAX_SEARCH_TEXT);
        return text.substring(0, text.offsetByCodePoints(0, searched));
    }
}
