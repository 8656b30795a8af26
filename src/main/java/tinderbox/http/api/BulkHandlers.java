package tinderbox.http.api;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.http.server.ErrorMapper;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.Slots;
import tinderbox.job.dispatch.JobService;
import tinderbox.job.dispatch.VisibleJobs;

/**
 * The endpoints that change many jobs. Each job gets the answer of the endpoint for one job, and its own line in the audit
 * log. Each request holds a worker, so at most two run at once, one of each caller.
 */
final class BulkHandlers {
    private static final int MAX_JOBS = 500;
    private static final int AT_ONCE = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String JOB_IDS = "job_ids";

    private final JobService jobs;
    private final long maxNanos;
    private final Slots slots = Slots.each(ErrorCode.SERVER_BUSY, "bulk requests at the same time", AT_ONCE, 1);

    /** A request begins no change after {@code maxTime}. */
    BulkHandlers(JobService jobs, Duration maxTime) {
        this.jobs = jobs;
        this.maxNanos = maxTime.toNanos();
    }

    /** The answers, in the order of the ids. */
    @CompiledJson
    record AnswersJson(List<AnswerJson> answers) {}

    /** What became of one job; the last two members are left out if it was not refused. */
    @CompiledJson(objectFormatPolicy = CompiledJson.ObjectFormatPolicy.MINIMAL)
    record AnswerJson(@JsonAttribute(name = "job_id") String id, int status, String code, String detail) {}

    /** A change of one job. */
    private interface Change {
        /** Returns the status. */
        int apply(VisibleJobs seen, JobId id);
    }

    Response cancel(Request request) {
        return answer(request, (seen, id) -> {
            seen.cancel(id, request.submitter());
            return 202;
        });
    }

    Response delete(Request request) {
        return answer(request, (seen, id) -> {
            seen.delete(id);
            return 204;
        });
    }

    private Response answer(Request request, Change change) {
        List<String> ids = ids(request.body().object());
        VisibleJobs seen = jobs.seenBy(request.visibility());
        List<AnswerJson> answers = new ArrayList<>();
        Slots.Slot slot = slots.take(request.requestOrigin().holder(), PATIENCE);
        try {
            long begun = System.nanoTime();
            for (String id : ids) {
                boolean isInTime = System.nanoTime() - begun < maxNanos;
                answers.add(isInTime ? answer(request, seen, id, change) : late(id));
            }
        } finally {
            slot.close();
        }
        return Response.json(200, new AnswersJson(answers));
    }

    private static AnswerJson answer(Request request, VisibleJobs seen, String text, Change change) {
        try {
            JobId id = JobId.parse(text);
            request.checkMayChange(seen.find(id).job().request().submittedBy(), JobHandlers.ASK_OWNER);
            int status = change.apply(seen, id);
            request.auditDetails().recordPart(request, text, status, null);
            return new AnswerJson(text, status, null, null);
        } catch (RuntimeException e) {
            AnswerJson answer = refusal(text, ErrorMapper.refusal(e));
            request.auditDetails().recordPart(request, text, answer.status(), ErrorCode.of(answer.code()));
            return answer;
        }
    }

    private static AnswerJson refusal(String id, JobException refused) {
        return new AnswerJson(
                id, ErrorMapper.status(refused.code()), refused.code().code(), ErrorMapper.detail(refused));
    }

    private static AnswerJson late(String id) {
        return refusal(
                id,
                new JobException(
                        ErrorCode.SERVER_BUSY, "The other jobs of this request took too long", "send the rest again"));
    }

    private static List<String> ids(Map<String, Object> body) {
        List<FieldProblem> unknown = body.keySet().stream()
                .filter(field -> !field.equals(JOB_IDS))
                .map(field -> new FieldProblem(field, "is unknown; the field is " + JOB_IDS))
                .toList();
        if (!unknown.isEmpty()) {
            throw new JobException(
                    ErrorCode.UNKNOWN_FIELD, "The body has fields that this endpoint does not take", unknown);
        }
        if (!(body.get(JOB_IDS) instanceof List<?> sent) || sent.isEmpty()) {
            throw refused(ErrorCode.WRONG_TYPE, JOB_IDS, "must be a list of 1 to " + MAX_JOBS + " ids of jobs");
        }
        if (sent.size() > MAX_JOBS) {
            throw refused(ErrorCode.LIMIT_EXCEEDED, JOB_IDS, "must not have more than " + MAX_JOBS + " ids");
        }
        List<String> ids = new ArrayList<>();
        for (Object id : sent) {
            if (!(id instanceof String text)) {
                throw refused(ErrorCode.WRONG_TYPE, JOB_IDS + "[" + ids.size() + "]", "must be a text");
            }
            ids.add(text);
        }
        return ids;
    }

    private static JobException refused(ErrorCode code, String field, String message) {
        return new JobException(code, "The body does not name the jobs", List.of(new FieldProblem(field, message)));
    }
}
