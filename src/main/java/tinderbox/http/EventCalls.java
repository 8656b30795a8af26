package tinderbox.http;

import java.util.List;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobService;

/** The calls that tell what happens as it happens. */
final class EventCalls {
    private final JobService jobs;
    private final EventHub hub;

    EventCalls(JobService jobs, EventHub hub) {
        this.jobs = jobs;
        this.hub = hub;
    }

    Answer ofAll(Request request) {
        request.query().check();
        checkAccepted(request);
        return new Answer.Stream(stream -> hub.followAll(stream, request.lastEventId()));
    }

    Answer ofJob(Request request) {
        JobId id = request.jobId();
        request.query().check();
        checkAccepted(request);
        jobs.find(id);
        return new Answer.Stream(stream -> hub.follow(id, stream, request.lastEventId()));
    }

    private static void checkAccepted(Request request) {
        if (request.preferred(List.of("text/event-stream")).isEmpty()) {
            throw new JobException(
                    ErrorCode.NOT_ACCEPTABLE,
                    "The Accept header does not name the form that this call has",
                    "it has text/event-stream");
        }
    }
}
