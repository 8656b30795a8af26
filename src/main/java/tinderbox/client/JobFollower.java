package tinderbox.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tinderbox.client.ClientException.Reason;

/** Follows one job to its end by its event stream; connects again if the connection breaks, and misses nothing. */
public final class JobFollower {
    /** Longer than jobs run. */
    public static final Duration NO_LIMIT = Duration.ofDays(366);

    private static final Set<String> ENDED = Set.of("SUCCEEDED", "FAILED", "CANCELLED");
    private static final String EVENT_STREAM = "text/event-stream";
    private static final int NO_CONTENT = 204;

    /** How long a server may be away, for example because it restarts. */
    static final Duration MAX_ABSENCE = Duration.ofMinutes(2);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final TinderboxClient client;
    private final String id;
    private final Listener listener;
    private String lastEvent;
    /** When the server was last there. */
    private long lastSeen;

    /** Gets what happens to the job. */
    public interface Listener {
        /** The job has changed, or progressed; the object then has only what did. */
        void changed(JsonObject job);

        /** Lines of its log. Some may be missing before the first, and some may have come before. */
        default void logged(JsonObject lines) throws ClientException, InterruptedException {}
    }

    public JobFollower(TinderboxClient client, String id, Listener listener) {
        this.client = client;
        this.id = id;
        this.listener = listener;
    }

    /**
     * Follows the job to its end.
     *
     * @param limit how long to wait for the end
     * @return the ended job, with its summary
     */
    public JsonObject toEnd(Duration limit) throws ClientException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        lastSeen = System.nanoTime();
        while (true) {
            try {
                if (followOnce(deadline)) {
                    return client.get(path()).object();
                }
                lastSeen = System.nanoTime();
            } catch (ClientException e) {
                // A server that restarts is away at first, and then not ready.
                if (e.reason() != Reason.UNAVAILABLE || System.nanoTime() - lastSeen > MAX_ABSENCE.toNanos()) {
                    throw e;
                }
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new ClientException(
                        Reason.TIMED_OUT,
                        "the job " + id + " has not ended in this time; it goes on, and can be waited for again");
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }

    private String path() {
        return "api/v1/jobs/" + id;
    }

    /** Returns whether the job has ended. */
    private boolean followOnce(long deadline) throws ClientException, InterruptedException {
        List<String> headers = new ArrayList<>(List.of("Accept", EVENT_STREAM));
        if (lastEvent != null) {
            headers.addAll(List.of("Last-Event-ID", lastEvent));
        }
        HttpResponse<InputStream> response =
                client.stream(path() + "/events?until=end", headers.toArray(String[]::new));
        try (EventReader events = new EventReader(response.body(), deadline)) {
            if (response.statusCode() == NO_CONTENT) {
                return true;
            }
            if (!response.headers().firstValue("Content-Type").orElse("").startsWith(EVENT_STREAM)) {
                throw ClientException.foreign(null);
            }
            for (EventReader.Event event = events.next(); event != null; event = events.next()) {
                lastSeen = System.nanoTime();
                if (handle(event)) {
                    return true;
                }
            }
        } catch (IOException e) {
            // The connection broke, or was given up; the next one continues after the last event.
        }
        return false;
    }

    /** Returns whether the event is the last one. */
    private boolean handle(EventReader.Event event) throws ClientException, InterruptedException {
        JsonObject data = new TinderboxClient.Reply(event.data()).object();
        boolean ended = false;
        switch (event.name()) {
            case "snapshot" -> {
                listener.changed(data.object("job"));
                listener.logged(data.object("log"));
                ended = ENDED.contains(data.object("job").shown("status"));
            }
            case "job" -> {
                listener.changed(data);
                ended = ENDED.contains(data.shown("status"));
            }
            case "progress" -> listener.changed(data);
            case "log" -> listener.logged(data);
            case "deleted" -> throw new ClientException(Reason.NOT_FOUND, "the job " + id + " was deleted");
            default -> {
                // It came with a later version of the server.
            }
        }
        if (event.id() != null) {
            lastEvent = event.id();
        }
        return ended;
    }
}
