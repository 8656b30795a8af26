package tinderbox.http.api;

import java.util.List;
import tinderbox.http.events.EventHub;
import tinderbox.http.events.EventJson;
import tinderbox.http.events.EventStream;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.Slots;
import tinderbox.job.dispatch.JobService;
import tinderbox.security.auth.Authenticator;

/** The calls that tell what happens as it happens. */
final class EventHandlers {
    private final JobService jobs;
    private final EventHub hub;
    private final Authenticator authenticator;
    private final Slots slots;

    EventHandlers(JobService jobs, EventHub hub, Authenticator authenticator, Slots slots) {
        this.jobs = jobs;
        this.hub = hub;
        this.authenticator = authenticator;
        this.slots = slots;
    }

    /**
     * While the server starts: a stream that is over at once, for its client comes back by itself and says what it has
     * had. After an error browsers would never come back.
     *
     * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML: Server-sent events</a>
     */
    static Response starting(Request request) {
        request.query().check();
        checkAccepted(request);
        return EventStream.response(stream -> stream.end(EventJson.STARTING));
    }

    Response ofAll(Request request) {
        request.query().check();
        checkAccepted(request);
        return EventStream.response(stream -> {
            stream.hold(slots.take(request.requestOrigin().holder()));
            stream.endUnless(() -> authenticator.isOpenTo(request.principal()));
            hub.followAll(stream, request.lastEventId());
        });
    }

    Response ofJob(Request request) {
        JobId id = request.jobId();
        request.query().check();
        checkAccepted(request);
        jobs.find(id);
        return EventStream.response(stream -> {
            stream.hold(slots.take(request.requestOrigin().holder()));
            stream.endUnless(() -> authenticator.isOpenTo(request.principal()));
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
