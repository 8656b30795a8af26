package tinderbox.http.api;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import tinderbox.http.json.JobJson;
import tinderbox.http.json.StagesJson;
import tinderbox.http.message.ETag;
import tinderbox.http.message.IfMatch;
import tinderbox.http.message.QueryParameters;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.http.server.LongPolls;
import tinderbox.job.ErrorCode;
import tinderbox.job.FilterValues;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobIds;
import tinderbox.job.JobPage;
import tinderbox.job.JobPatch;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.JobView;
import tinderbox.job.Submission;
import tinderbox.job.SubmissionResult;
import tinderbox.job.dispatch.JobArtifacts;
import tinderbox.job.dispatch.JobService;
import tinderbox.job.dispatch.VisibleJobs;
import tinderbox.json.Json;
import tinderbox.security.auth.Authenticator;

/** The endpoints that submit, read, change, cancel and delete jobs. */
final class JobHandlers {
    /** To anyone who may not change a job. */
    static final String ASK_OWNER = "ask them, or an admin";

    private static final HttpString REPLAYED = new HttpString("Idempotency-Replayed");
    private static final int MAX_WAIT_SECONDS = 60;
    private static final int MAX_FILTER_VALUES = 1_000;

    private static final List<String> COLUMNS = List.of(
            "job_id",
            "type",
            "name",
            "status",
            "submitted_by",
            "submitted_at",
            "started_at",
            "finished_at",
            "duration_ms",
            "attempt",
            "rerun_of",
            "run_set",
            "preset",
            "error_message",
            "labels",
            "note",
            "edited_by",
            "edited_at",
            "params",
            "inputs");
    private static final List<String> STAGE_COLUMNS = List.of(
            "stage_id",
            "attempts",
            "name",
            "status",
            "tasks_total",
            "tasks_done",
            "tasks_running",
            "tasks_failed",
            "bytes_read",
            "rows_read",
            "shuffle_read_bytes",
            "shuffle_write_bytes",
            "submitted_at",
            "completed_at",
            "duration_ms",
            "incomplete",
            "hosts");

    private final JobService jobs;
    private final TypeAccess types;
    private final PresetAccess presets;
    private final LongPolls longPolls;
    private final Authenticator authenticator;
    private final ListDownloads listDownloads;
    private final EndedJobResponses endedResponses = new EndedJobResponses();

    JobHandlers(
            JobService jobs,
            TypeAccess types,
            PresetAccess presets,
            LongPolls longPolls,
            Authenticator authenticator,
            ListDownloads listDownloads) {
        this.jobs = jobs;
        this.presets = presets;
        this.authenticator = authenticator;
        this.types = types;
        this.longPolls = longPolls;
        this.listDownloads = listDownloads;
    }

    Response submit(Request request) {
        authenticator.rateLimits().countJob(request.principal());
        Submission submission = SubmissionJson.read(request, types.types());
        types.check(request, submission.type());
        return submitted(request, seen(request).submit(submission, () -> presets.check(request, submission.preset())));
    }

    private Response submitted(Request request, SubmissionResult submissionResult) {
        JobView view = submissionResult.view();
        JobId id = view.job().id();
        request.auditDetails().setTarget(id.toString());
        return submissionResult.replayed()
                ? located(200, id, detailed(seen(request), view)).with(REPLAYED, "true")
                // Nothing can be read of it yet.
                : located(202, id, JobJson.detailed(view, maxAttempts(), null, ""));
    }

    Response list(Request request) throws IOException {
        QueryParameters query = request.query();
        JobQuery jobQuery = JobListParameters.read(query);
        TableFormat format = TableFormat.of(query);
        query.check();
        if (format.isCsv()) {
            JobQuery all = query.has("limit") ? jobQuery : jobQuery.limitedTo(ListDownloads.MAX_LINES);
            return listDownloads.csv(request, format, "jobs", COLUMNS, () -> listed(seen(request), all));
        }
        JobPage<JobView> page = seen(request).list(jobQuery);
        String next = JobListParameters.next(query, jobQuery, page.next());
        String after = jobQuery.sort() == null ? JobCursor.of(page.seen()) : null;
        return Response.json(
                200, JobJson.Page.of(page, jobQuery.limit(), jobQuery.offset(), next, after, maxAttempts()));
    }

    private ListDownloads.Listed listed(VisibleJobs seen, JobQuery query) {
        JobIds found = seen.ids(query);
        Iterator<List<JobId>> batches = ListDownloads.batches(found.ids()).iterator();
        return new ListDownloads.Listed(
                () -> {
                    List<JobJson> some = List.of();
                    // All of a batch may be gone.
                    while (some.isEmpty() && batches.hasNext()) {
                        some = seen.find(batches.next()).stream()
                                .map(view -> JobJson.listed(view, maxAttempts()))
                                .toList();
                    }
                    return some;
                },
                found.more());
    }

    Response filters(Request request) {
        request.query().check();
        return Response.json(200, FiltersJson.of(seen(request).filterValues(MAX_FILTER_VALUES)));
    }

    /** What jobs can be filtered by. */
    @CompiledJson
    record FiltersJson(List<String> submitters, List<String> labels) {
        static FiltersJson of(FilterValues values) {
            return new FiltersJson(values.submitters(), values.labels());
        }
    }

    Response show(Request request) {
        JobId id = request.jobId();
        Duration wait = Duration.ofSeconds(request.query().number("wait", 0, 0, MAX_WAIT_SECONDS));
        request.query().check();
        VisibleJobs seen = seen(request);
        return wait.isZero()
                ? current(seen, id)
                : longPolls.waitFor(
                        seen.whenEnded(id), wait, request.requestOrigin().holder(), () -> {
                            authenticator.checkOpenTo(request.principal());
                            return current(seen, id);
                        });
    }

    Response stages(Request request) {
        JobId id = request.jobId();
        TableFormat format = TableFormat.of(request.query());
        request.query().check();
        return format.response(StagesJson.of(id, seen(request).artifacts().report(id)), "stages", STAGE_COLUMNS);
    }

    Response plan(Request request) {
        JobId id = request.jobId();
        String plan = seen(request).artifacts().report(id).plan();
        if (plan == null) {
            throw new JobException(
                    ErrorCode.PATH_NOT_FOUND,
                    "The job has no plan",
                    "a query has one once it is planned; jobs of other types have none");
        }
        return Response.json(200, new PlanJson(id.toString(), plan));
    }

    /** How Spark runs a job. */
    @CompiledJson
    record PlanJson(@JsonAttribute(name = "job_id") String id, String plan) {}

    Response cancel(Request request) {
        request.body().checkEmpty();
        checkOwn(request, ASK_OWNER);
        VisibleJobs seen = seen(request);
        return Response.json(202, detailed(seen, seen.cancel(request.jobId(), request.submitter())));
    }

    Response rerun(Request request) {
        request.body().checkEmpty();
        checkOwn(request, "send its parameters as a job of your own");
        authenticator.rateLimits().countJob(request.principal());
        JobId id = request.jobId();
        JobRequest old = seen(request).find(id).job().request();
        types.check(request, old.type());
        String key = request.idempotencyKey();
        IdempotencyKey idempotencyKey = key == null ? null : IdempotencyKey.ofRerun(key, id);
        return submitted(
                request, seen(request).rerun(id, request.submitter(), idempotencyKey, presets.ofRerun(request, old)));
    }

    Response edit(Request request) {
        checkOwn(request, ASK_OWNER);
        IfMatch expected = request.ifMatch();
        JobPatch patch = EditJson.read(request);
        VisibleJobs seen = seen(request);
        JobId id = request.jobId();
        seen.edit(id, patch, request.submitter(), job -> expected.check(EditJson.version(job)));
        return current(seen, id);
    }

    Response delete(Request request) {
        checkOwn(request, ASK_OWNER);
        seen(request).delete(request.jobId());
        return Response.empty(204);
    }

    private void checkOwn(Request request, String advice) {
        request.checkMayChange(
                seen(request).find(request.jobId()).job().request().submittedBy(), advice);
    }

    private static Response.Complete located(int status, JobId id, JobJson job) {
        return Response.json(status, job).with(Headers.LOCATION, JobJson.path(id));
    }

    private VisibleJobs seen(Request request) {
        return jobs.seenBy(request.visibility());
    }

    private Response current(VisibleJobs seen, JobId id) {
        JobView view = seen.find(id);
        boolean hasEnded = view.job().state().isTerminal();
        Response.Complete known = hasEnded ? endedResponses.find(view.job()) : null;
        if (known != null) {
            return known;
        }
        byte[] job = Json.write(detailed(seen, view));
        String etag = ETag.withVersion(ETag.of(job), EditJson.version(view.job()));
        Response.Complete response = Response.json(200, job).with(Headers.ETAG, etag);
        if (hasEnded) {
            endedResponses.put(view.job(), response);
        }
        return response;
    }

    private JobJson detailed(VisibleJobs seen, JobView view) {
        JobArtifacts artifacts = seen.artifacts();
        return JobJson.detailed(
                view.withProgress(artifacts.progress(view).orElse(null)),
                maxAttempts(),
                artifacts.summary(view).orElse(null),
                artifacts.logPreview(view));
    }

    private int maxAttempts() {
        return jobs.limits().maxAttempts();
    }
}
