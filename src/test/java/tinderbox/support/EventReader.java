package tinderbox.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/**
 * Reads an event stream off a plain socket, event by event, as a client of the specification does: lines end an event,
 * comments are passed over. What does not come within a minute fails the test.
 */
public final class EventReader implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final BufferedReader in;
    private final int status;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final List<String> retries = new ArrayList<>();
    private int commentChars;
    private String lastId;

    /** One event; the id is that of the event itself, or null. */
    public record Event(String name, String id, String data) {
        /** Its data. */
        public Map<String, Object> json() {
            try {
                return Json.readObject(data.getBytes(StandardCharsets.UTF_8));
            } catch (MalformedJsonException e) {
                throw new AssertionError(data, e);
            }
        }
    }

    private EventReader(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedReader(
                new InputStreamReader(new DechunkedResponse(socket.getInputStream()), StandardCharsets.UTF_8));
        this.status = Integer.parseInt(in.readLine().substring(9, 12));
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
    }

    /** Opens the stream at {@code uri}; {@code lastEventId} may be null, other headers come as {@code Name: value}. */
    public static EventReader open(URI uri, String lastEventId, String... more) {
        try {
            Socket socket = new Socket(uri.getHost(), uri.getPort());
            socket.setSoTimeout(PATIENCE_MILLIS);
            StringBuilder request = new StringBuilder("GET " + uri.getRawPath() + " HTTP/1.1\r\nHost: " + uri.getHost()
                    + ":" + uri.getPort() + "\r\nAccept: text/event-stream\r\n");
            if (lastEventId != null) {
                request.append("Last-Event-ID: ").append(lastEventId).append("\r\n");
            }
            for (String header : more) {
                request.append(header).append("\r\n");
            }
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
            return new EventReader(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int status() {
        return status;
    }

    /** A header of the answer, or null. */
    public String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** The id of the last event that came whole. */
    public String lastId() {
        return lastId;
    }

    /** Every {@code retry:} so far. */
    public List<String> retries() {
        return retries;
    }

    /** How many characters of comments have come so far. */
    public int commentChars() {
        return commentChars;
    }

    /** The next event; null where the stream has ended in good order. */
    public Event next() {
        String name = "message";
        String id = null;
        StringBuilder data = null;
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty() && data != null) {
                    lastId = id == null ? lastId : id;
                    return new Event(name, id, data.toString());
                } else if (line.startsWith(":")) {
                    commentChars += line.length();
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data = (data == null ? new StringBuilder() : data.append('\n')).append(line, 6, line.length());
                } else if (line.startsWith("retry: ")) {
                    retries.add(line.substring(7));
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads on until an event is as wanted, and answers all events up to it. */
    public List<Event> until(Predicate<Event> wanted) {
        List<Event> events = new ArrayList<>();
        while (true) {
            Event event = next();
            if (event == null) {
                throw new AssertionError("the stream ended after " + events);
            }
            if (!event.name().equals("ping")) {
                events.add(event);
                if (wanted.test(event)) {
                    return events;
                }
            }
        }
    }

    /** Reads so many characters and forgets them, so that a break right after is one in the middle of an event. */
    public void tear(int characters) {
        try {
            for (int left = characters; left > 0 && in.ready(); left--) {
                in.read();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
