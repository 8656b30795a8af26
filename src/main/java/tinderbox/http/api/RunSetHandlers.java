package tinderbox.http.api;

import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import tinderbox.http.json.RunSetJson;
import tinderbox.http.message.ETag;
import tinderbox.http.message.IfMatch;
import tinderbox.http.message.QueryParameters;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseBody;
import tinderbox.http.server.LongReads;
import tinderbox.job.ErrorCode;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.JobId;
import tinderbox.job.JobPatch;
import tinderbox.job.JobView;
import tinderbox.job.RunSet;
import tinderbox.job.RunSetFilter;
import tinderbox.job.RunSetSubmission;
import tinderbox.job.Slots;
import tinderbox.job.dispatch.JobService;
import tinderbox.job.dispatch.RunSetResults;
import tinderbox.job.dispatch.RunSets;
import tinderbox.job.result.read.CombinedReader;
import tinderbox.json.Json;
import tinderbox.security.auth.Authenticator;

/**
 * The endpoints for run sets. Those that check or change many jobs hold a worker meanwhile, so at most two run at once, one of
 * each caller.
 */
final class RunSetHandlers {
    private static final HttpString REPLAYED = new HttpString("Idempotency-Replayed");
    private static final List<String> COLUMNS = List.of(
            "run_set_id",
            "name",
            "type",
            "jobs",
            "counts",
            "gone",
            "submitted_by",
            "submitted_at",
            "params",
            "for_each",
            "labels",
            "note",
            "edited_by",
            "edited_at",
            "rerun_of");
    private static final int MAX_PAGE = 100;
    private static final int AT_ONCE = 2;
    /** Shorter than the patience of most clients. */
    private static final Duration TIME = Duration.ofSeconds(20);

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final JobService jobs;
    private final TypeAccess types;
    private final Authenticator authenticator;
    private final LongReads longReads;
    private final ListDownloads listDownloads;
    private final RunSetOverview overview = new RunSetOverview();
    private final Slots slots = Slots.each(ErrorCode.SERVER_BUSY, "changes of run sets at the same time", AT_ONCE, 1);

    RunSetHandlers(
            JobService jobs,
            TypeAccess types,
            Authenticator authenticator,
            LongReads longReads,
            ListDownloads listDownloads) {
        this.longReads = longReads;
        this.jobs = jobs;
        this.types = types;
        this.authenticator = authenticator;
        this.listDownloads = listDownloads;
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

    Response cancel(Request request) {
        request.body().checkEmpty();
        return changing(request, JobHandlers.ASK_OWNER, set -> {
            seen(request).cancel(set, request.submitter(), TIME);
            return Response.json(202, json(request, set));
        });
    }

    Response rerun(Request request) {
        request.body().checkEmpty();
        return changing(request, "submit its parameters as a run set of your own", set -> {
            types.check(request, set.type());
            String key = request.idempotencyKey();
            IdempotencyKey idempotencyKey = key == null ? null : IdempotencyKey.ofRerun(key, JobId.parse(set.id()));
            return submitted(
                    request,
                    seen(request)
                            .rerun(
                                    set,
                                    request.submitter(),
                                    idempotencyKey,
                                    () -> countJobs(request, set.jobs().size())));
        });
    }

    Response edit(Request request) {
        return changing(request, JobHandlers.ASK_OWNER, set -> {
            IfMatch expected = request.ifMatch();
            JobPatch patch = EditJson.read(request);
            Consumer<RunSet> check = now -> expected.check(version(now));
            return tagged(request, seen(request).edit(set.id(), patch, request.submitter(), TIME, check));
        });
    }

    /** Names the present version of what can be changed; without a hyphen. */
    private static String version(RunSet set) {
        return EditJson.version(set.name(), set.isNamed(), set.note(), set.labels());
    }

    Response delete(Request request) {
        return changing(request, JobHandlers.ASK_OWNER, set -> {
            seen(request).delete(set, TIME);
            return Response.empty(204);
        });
    }

    private Response changing(Request request, String advice, Function<RunSet, Response> change) {
        RunSet set = set(request);
        request.checkMayChange(set.submittedBy(), advice);
        Slots.Slot slot = slots.take(request.requestOrigin().holder(), PATIENCE);
        try {
            return change.apply(set);
        } finally {
            slot.close();
        }
    }

    Response list(Request request) throws IOException {
        QueryParameters query = request.query();
        Long before = JobCursor.read(query, "before");
        RunSetFilter filter = new RunSetFilter(query.text("q"), query.text("submitted_by"), before);
        int limit = (int) query.number("limit", 50, 1, MAX_PAGE);
        TableFormat format = TableFormat.of(query);
        query.check();
        if (format.isCsv() && !query.has("limit")) {
            return listDownloads.csv(request, format, "run-sets", COLUMNS, () -> all(request, filter));
        }
        RunSets.Page page = seen(request).list(filter, limit);
        List<RunSetJson> sets = json(request, page);
        if (format.isCsv()) {
            return listDownloads.csv(
                    request, format, "run-sets", COLUMNS, () -> ListDownloads.Listed.of(sets, page.next() != null));
        }
        String next = page.next() == null
                ? null
                : query.link("/api/v1/run-sets", "before", JobCursor.of(page.next()), List.of());
        return Response.json(200, new RunSetJson.Page(sets, page.total(), limit, next));
    }

    private ListDownloads.Listed all(Request request, RunSetFilter filter) {
        ListDownloads.Items items = new ListDownloads.Items() {
            private RunSetFilter rest = filter;

            @Override
            public List<?> next() {
                List<RunSetJson> some = List.of();
                while (some.isEmpty() && rest != null) {
                    RunSets.Page page = seen(request).list(rest, MAX_PAGE);
                    some = json(request, page);
                    rest = page.next() == null ? null : rest.before(page.next());
                }
                return some;
            }
        };
        return new ListDownloads.Listed(items, false);
    }

    private List<RunSetJson> json(Request request, RunSets.Page page) {
        return page.sets().stream().map(set -> json(request, set)).toList();
    }

    Response show(Request request) {
        return tagged(request, set(request));
    }

    private Response tagged(Request request, RunSet set) {
        byte[] json = Json.write(json(request, set));
        return Response.json(200, json).with(Headers.ETAG, ETag.withVersion(ETag.of(json), version(set)));
    }

    Response overview(Request request) {
        RunSet set = set(request);
        QueryParameters query = request.query();
        TableFormat format = TableFormat.of(query);
        Map<JobId, JobView> views = seen(request).jobs(set);
        RunSetOverview.TableJson table =
                overview.table(set, views, jobs.seenBy(request.visibility()).artifacts(), query);
        query.check();
        byte[] json = Json.write(table);
        String etag = ETag.of(json);
        if (!format.isCsv()) {
            return Response.json(200, json).with(Headers.ETAG, etag);
        }
        return format.response(RunSetOverview.flat(table), RunSetOverview.ROWS, RunSetOverview.columns(table))
                .with(Headers.ETAG, ETag.withVersion(etag, "csv" + format.safe() + format.bom()));
    }

    Response result(Request request) throws IOException {
        MediaFormat mediaFormat = MediaFormat.of(request, MediaFormat.CSV, MediaFormat.NDJSON);
        boolean isCsv = mediaFormat == MediaFormat.CSV;
        QueryParameters query = request.query();
        boolean safe = query.flag("safe") && isCsv;
        boolean bom = query.flag("bom") && isCsv;
        query.check();
        RunSet set = set(request);
        RunSetResults results = seen(request).results(set);
        if (!results.areVerified()) {
            longReads.run(request, LongReads.Kind.RESULT_CHECK, () -> {
                results.verify();
                return null;
            });
        }
        CombinedReader.Format format = safe ? CombinedReader.Format.SAFE_CSV : CombinedReader.Format.CSV;
        CombinedReader rows = results.reader(
                isCsv ? format : CombinedReader.Format.NDJSON, jobs.limits().results());
        ResponseBody body = new ResponseBody.ResultRows(rows);
        return Response.download(
                        bom ? ResultHandlers.withByteOrderMark(body) : body,
                        isCsv ? TableFormat.CONTENT_TYPE : "application/x-ndjson",
                        "run-set-" + set.id().substring(0, 8) + (safe ? "-safe" : "") + (isCsv ? ".csv" : ".ndjson"))
                .with(Headers.CACHE_CONTROL, "private, no-cache");
    }

    private RunSet set(Request request) {
        return seen(request).find(request.captured().get("id"));
    }

    private RunSets seen(Request request) {
        return jobs.seenBy(request.visibility()).runSets();
    }

    private RunSetJson json(Request request, RunSet set) {
        RunSets.Counts counts = seen(request).counts(set);
        return RunSetJson.of(set, counts.byState(), counts.gone());
    }
}
