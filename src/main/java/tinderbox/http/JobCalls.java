package tinderbox.http;

import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.time.Duration;
import tinderbox.job.Idempotency;
import tinderbox.job.JobCatalog;
import tinderbox.job.JobId;
import tinderbox.job.JobQuery;
import tinderbox.job.JobService;
import tinderbox.job.JobState;
import tinderbox.job.JobView;
import tinderbox.job.Submitted;
import tinderbox.json.Json;
import tinderbox.security.Door;

/** The calls that send, show and end jobs. */
final class JobCalls {
    private static final HttpString REPLAYED = new HttpString("Idempotency-Replayed");
    private static final int MAX_WAIT_SECONDS = 60;
    private static final int MAX_PAGE = 500;

    private final JobService jobs;
    private final JobCatalog catalog;
    private final Waits waits;
    private final Door door;
    private final EndedJobs ended = new EndedJobs();

    JobCalls(JobService jobs, JobCatalog catalog, Waits waits, Door door) {
        this.jobs = jobs;
        this.door = door;
        this.catalog = catalog;
        this.waits = waits;
    }

    Answer submit(Request request) {
        door.countJob(request.caller());
        return submitted(request, jobs.submit(SubmissionJson.read(request, catalog)));
    }

    private Answer submitted(Request request, Submitted submitted) {
        request.note().about(submitted.view().job().id().toString());
        return submitted.replayed()
                ? located(200, whole(submitted.view())).with(REPLAYED, "true")
                : accepted(submitted.view());
    }

    Answer list(Request request) {
        Query query = request.query();
        var wanted = new JobQuery(
                query.choices("status", JobState.class),
                query.text("type"),
                query.text("q"),
                query.text("submitted_by"),
                (int) query.whole("limit", 50, 1, MAX_PAGE),
                query.whole("offset", 0, 0, Exact.GREATEST));
        query.check();
        return Answer.json(200, JobJson.Page.of(jobs.list(wanted), wanted.limit(), wanted.offset(), maxAttempts()));
    }

    Answer show(Request request) {
        JobId id = request.jobId();
        Duration wait = Duration.ofSeconds(request.query().whole("wait", 0, 0, MAX_WAIT_SECONDS));
        request.query().check();
        return wait.isZero()
                ? shown(id)
                : waits.until(jobs.whenEnded(id), wait, request.sender().principal(), () -> shown(id));
    }

    Answer stages(Request request) {
        JobId id = request.jobId();
        return Answer.json(200, StagesJson.of(id, jobs.outputs().report(id)));
    }

    Answer cancel(Request request) {
        request.body().checkEmpty();
        checkOwn(request, "ask them, or an admin");
        return Answer.json(202, whole(jobs.cancel(request.jobId(), request.submitter())));
    }

    Answer rerun(Request request) {
        request.body().checkEmpty();
        checkOwn(request, "send its parameters as a job of your own");
        door.countJob(request.caller());
        JobId id = request.jobId();
        String key = request.idempotencyKey();
        Idempotency idempotency = key == null ? null : Idempotency.ofRerun(key, id);
        return submitted(request, jobs.rerun(id, request.submitter(), idempotency));
    }

    Answer delete(Request request) {
        checkOwn(request, "ask them, or an admin");
        jobs.delete(request.jobId());
        return Answer.empty(204);
    }

    private void checkOwn(Request request, String advice) {
        request.checkMayChange(jobs.find(request.jobId()).job().request().submittedBy(), advice);
    }

    /** As it was accepted: there is nothing yet to be looked up. */
    private Answer.Ready accepted(JobView view) {
        return located(202, JobJson.Whole.of(JobJson.Item.of(view, maxAttempts()), null, null, ""));
    }

    private static Answer.Ready located(int status, JobJson.Whole job) {
        return Answer.json(status, job).with(Headers.LOCATION, JobJson.PATH + job.jobId());
    }

    private Answer shown(JobId id) {
        JobView view = jobs.find(id);
        boolean hasEnded = view.job().state().isTerminal();
        Answer.Ready known = hasEnded ? ended.find(id) : null;
        if (known != null) {
            return known;
        }
        byte[] job = Json.write(whole(view));
        Answer.Ready answer = Answer.json(200, job).with(Headers.ETAG, ETag.of(job));
        if (hasEnded) {
            ended.keep(id, answer);
        }
        return answer;
    }

    private JobJson.Whole whole(JobView view) {
        return JobJson.Whole.of(
                JobJson.Item.of(view, maxAttempts()),
                jobs.outputs().progress(view).orElse(null),
                jobs.outputs().summary(view).orElse(null),
                jobs.outputs().logPreview(view));
    }

    private int maxAttempts() {
        return jobs.limits().maxAttempts();
    }
}
