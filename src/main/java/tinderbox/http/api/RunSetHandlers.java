package tinderbox.http.api;

import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tinderbox.http.json.RunSetJson;
import tinderbox.http.message.ETag;
import tinderbox.http.message.QueryParameters;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobId;
import tinderbox.job.JobView;
import tinderbox.job.RunSet;
import tinderbox.job.RunSetFilter;
import tinderbox.job.RunSetSubmission;
import tinderbox.job.Slots;
import tinderbox.job.dispatch.JobService;
import tinderbox.job.dispatch.RunSets;
import tinderbox.json.Json;
import tinderbox.security.auth.Authenticator;

/**
 * The endpoints for run sets. Those that check or change many jobs hold a worker meanwhile, so at most two run at once, one of
 * each caller.
 */
final class RunSetHandlers {
    private static final HttpString REPLAYED = new HttpString("Idempotency-Replayed");
    private static final int MAX_PAGE = 100;
    private static final int AT_ONCE = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final JobService jobs;
    private final TypeAccess types;
    private final Authenticator authenticator;
    private final RunSetOverview overview = new RunSetOverview();
    private final Slots slots = Slots.each(ErrorCode.SERVER_BUSY, "changes of run sets at the same time", AT_ONCE, 1);

    RunSetHandlers(JobService jobs, TypeAccess types, Authenticator authenticator) {
        this.jobs = jobs;
        this.types = types;
        this.authenticator = authenticator;
    }

    Response submit(Request request) {
        RunSetSubmission submission = RunSetBody.read(request);
        types.check(request, submission.type());
        int count = RunSet.combinations(submission.forEach());
        Slots.Slot slot = slots.take(request.requestOrigin().holder(), PATIENCE);
        try {
            return submitted(request, seen(request).submit(submission, () -> countJobs(request, count)));
        } finally {
            slot.close();
        }
    }

    private void countJobs(Request request, int count) {
        authenticator.rateLimits().countJobs(request.principal(), count);
    }

    private Response submitted(Request request, RunSets.Submitted submitted) {
        RunSet set = submitted.set();
        request.auditDetails().setTarget(set.id());
        Response.Complete response = Response.json(submitted.replayed() ? 200 : 201, json(request, set))
                .with(Headers.LOCATION, RunSetJson.PATH + set.id());
        return submitted.replayed() ? response.with(REPLAYED, "true") : response;
    }

    Response list(Request request) {
        QueryParameters query = request.query();
        Long before = JobCursor.read(query, "before");
        RunSetFilter filter = new RunSetFilter(query.text("q"), query.text("submitted_by"), before);
        int limit = (int) query.number("limit", 50, 1, MAX_PAGE);
        query.check();
        RunSets.Page page = seen(request).list(filter, limit);
        List<RunSetJson> sets =
                page.sets().stream().map(set -> json(request, set)).toList();
        String next = page.next() == null
                ? null
                : query.link("/api/v1/run-sets", "before", JobCursor.of(page.next()), List.of());
        return Response.json(200, new RunSetJson.Page(sets, page.total(), limit, next));
    }

    Response show(Request request) {
        return tagged(json(request, set(request)));
    }

    Response overview(Request request) {
        RunSet set = set(request);
        QueryParameters query = request.query();
        Map<JobId, JobView> views = seen(request).jobs(set);
        RunSetOverview.TableJson table =
                overview.table(set, views, jobs.seenBy(request.visibility()).artifacts(), query);
        query.check();
        return tagged(table);
    }

    private static Response tagged(Object value) {
        byte[] json = Json.write(value);
        return Response.json(200, json).with(Headers.ETAG, ETag.of(json));
    }

    private RunSet set(Request request) {
        return seen(request).find(request.captured().get("id"));
    }

    private RunSets seen(Request request) {
        return jobs.runSets().seenBy(request.visibility());
    }

    private RunSetJson json(Request request, RunSet set) {
        RunSets.Counts counts = seen(request).counts(set);
        return RunSetJson.of(set, counts.byState(), counts.gone());
    }
}
