package tinderbox.http.api;

import java.util.List;
import tinderbox.http.events.EventHub;
import tinderbox.http.events.EventJson;
import tinderbox.http.events.EventStream;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.job.JobId;
import tinderbox.job.Slots;
import tinderbox.job.dispatch.JobService;
import tinderbox.security.auth.Authenticator;

/** The endpoints for event streams. */
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
     * While the server starts: a stream that ends at once, because its client reconnects and sends the id of its last
     * event. After an error, browsers never reconnect.
     *
     * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML: Server-sent events</a>
     */
    static Response starting(Request request) {
        isUntilEnd(request);
        MediaFormat.of(request, MediaFormat.EVENT_STREAM);
        return EventStream.response(stream -> stream.end(EventJson.STARTING));
    }

    Response ofAll(Request request) {
        request.query().check();
        MediaFormat.of(request, MediaFormat.EVENT_STREAM);
        return EventStream.response(stream -> {
            stream.hold(slots.take(request.requestOrigin().holder()));
            stream.endUnless(() -> authenticator.isOpenTo(request.principal()));
            hub.followAll(request.visibility(), stream, request.lastEventId());
        });
    }

    Response ofJob(Request request) {
        JobId id = request.jobId();
        boolean isUntilEnd = isUntilEnd(request);
        MediaFormat.of(request, MediaFormat.EVENT_STREAM);
        jobs.seenBy(request.visibility()).find(id);
        if (isUntilEnd && EventHub.isLastOf(id, request.lastEventId())) {
            // After it, browsers do not reconnect.
            return Response.empty(204);
        }
        return EventStream.response(stream -> {
            stream.hold(slots.take(request.requestOrigin().holder()));
            stream.endUnless(() -> authenticator.isOpenTo(request.principal()));
            if (isUntilEnd) {
                stream.untilEnd();
            }
            hub.follow(id, stream, request.lastEventId());
        });
    }

    private static boolean isUntilEnd(Request request) {
        boolean isUntilEnd = request.query().choice("until", List.of("end")) != null;
        request.query().check();
        return isUntilEnd;
    }
}
