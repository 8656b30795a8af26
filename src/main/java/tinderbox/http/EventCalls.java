package tinderbox.http;

import java.util.List;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobService;
import tinderbox.job.Slots;
import tinderbox.security.Door;

/** The calls that tell what happens as it happens. */
final class EventCalls {
    private final JobService jobs;
    private final EventHub hub;
    private final Door door;
    private final Slots slots;

    EventCalls(JobService jobs, EventHub hub, Door door, Slots slots) {
        this.jobs = jobs;
        this.hub = hub;
        this.door = door;
        this.slots = slots;
    }

    /**
     * While the server starts: a stream that is over at once, for its client comes back by itself and says what it has
     * had. After an error browsers would never come back.
     *
     * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML: Server-sent events</a>
     */
    static Answer starting(Request request) {
        request.query().check();
        checkAccepted(request);
        return new Answer.Stream(stream -> stream.end(EventJson.NOT_YET));
    }

    Answer ofAll(Request request) {
        request.query().check();
        checkAccepted(request);
        return new Answer.Stream(stream -> {
            stream.hold(slots.take(request.sender().principal()));
            stream.onlyWhile(() -> door.isOpenTo(request.caller()));
            hub.followAll(stream, request.lastEventId());
        });
    }

    Answer ofJob(Request request) {
        JobId id = request.jobId();
        request.query().check();
        checkAccepted(request);
        jobs.find(id);
        return new Answer.Stream(stream -> {
            stream.hold(slots.take(request.sender().principal()));
            stream.onlyWhile(() -> door.isOpenTo(request.caller()));
            hub.follow(id, stream, request.lastEventId());
        });
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
