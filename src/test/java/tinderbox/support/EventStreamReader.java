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
 * Reads server-sent events from a plain socket, as the specification says: an empty line ends an event, comments are
 * skipped. Fails if nothing arrives within a minute, or what arrives is not as {@link OpenApi} describes it.
 */
public final class EventStreamReader implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final Socket socket;
    private final String path;
    private final BufferedReader in;
    private final int status;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final List<String> retries = new ArrayList<>();
    private int commentChars;
    private String lastId;

    /** An event. The id is null if the event had none. */
    public record Event(String name, String id, String data) {
        public Map<String, Object> json() {
            try {
                return Json.readObject(data.getBytes(StandardCharsets.UTF_8));
            } catch (MalformedJsonException e) {
                throw new AssertionError(data, e);
            }
        }
    }

    private EventStreamReader(Socket socket, String path) throws IOException {
        this.socket = socket;
        this.path = path;
        this.in = new BufferedReader(
                new InputStreamReader(new DechunkingInputStream(socket.getInputStream()), StandardCharsets.UTF_8));
        this.status = Integer.parseInt(in.readLine().substring(9, 12));
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        headers.forEach((name, value) -> values.put(name, List.of(value)));
        Contract.check("GET", path, status, values, null);
    }

    /** Opens the stream at {@code uri}. {@code lastEventId} may be null; {@code more} are headers as {@code Name: value}. */
    public static EventStreamReader open(URI uri, String lastEventId, String... more) {
        try {
            Socket socket = new Socket(uri.getHost(), uri.getPort());
            socket.setSoTimeout(TIMEOUT_MILLIS);
            StringBuilder request = new StringBuilder("GET " + target(uri) + " HTTP/1.1\r\nHost: " + uri.getHost() + ":"
                    + uri.getPort() + "\r\nAccept: text/event-stream\r\n");
            if (lastEventId != null) {
                request.append("Last-Event-ID: ").append(lastEventId).append("\r\n");
            }
            for (String header : more) {
                request.append(header).append("\r\n");
            }
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
            return new EventStreamReader(socket, uri.getRawPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(URI uri) {
        return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }

    public int status() {
        return status;
    }

    /** A header of the response, or null. */
    public String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** The id of the last complete event. */
    public String lastId() {
        return lastId;
    }

    /** The values of all {@code retry:} lines so far. */
    public List<String> retries() {
        return retries;
    }

    /** The number of characters in comments so far. */
    public int commentChars() {
        return commentChars;
    }

    /** The next event; null if the stream has ended properly. */
    public Event next() {
        String name = "message";
        String id = null;
        StringBuilder data = null;
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty() && data != null) {
                    lastId = id == null ? lastId : id;
                    Contract.checkEvent(path, name, id, data.toString());
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

    /** Reads until an event matches, and returns all events up to it, except pings. */
    public List<Event> readUntil(Predicate<Event> condition) {
        List<Event> events = new ArrayList<>();
        while (true) {
            Event event = next();
            if (event == null) {
                throw new AssertionError("the stream ended after " + events);
            }
            if (!event.name().equals("ping")) {
                events.add(event);
                if (condition.test(event)) {
                    return events;
                }
            }
        }
    }

    /** Discards this many characters, so that a disconnect right after that is in the middle of an event. */
    public void skipChars(int characters) {
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
