package tinderbox.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Reads server-sent events until a deadline. The server sends something every 15 s; {@link WatchedStream} gives up a
 * connection on which nothing arrives.
 */
final class EventReader implements AutoCloseable {
    /** The largest event is a snapshot with 1,000 lines of a log. */
    private static final int MAX_DATA = 32 << 20;

    private final InputStream stream;
    private final BoundedLines lines;
    private final ScheduledExecutorService timer;

    /** An event; {@code id} is null if it has none. */
    record Event(String id, String name, String data) {}

    /** Reads until the deadline, a value of {@link System#nanoTime}. */
    EventReader(InputStream stream, long deadline) {
        this.stream = stream;
        this.lines = new BoundedLines(stream);
        this.timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "tinderbox-events");
            thread.setDaemon(true);
            return thread;
        });
        var unused = timer.schedule(this::close, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /** The next event; null at the end of the stream. */
    Event next() throws IOException {
        String id = null;
        String name = "message";
        StringBuilder data = new StringBuilder();
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (line.isEmpty()) {
                if (data.length() > 0) {
                    return new Event(id, name, data.toString());
                }
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
            switch (field) {
                case "id" -> id = value;
                case "event" -> name = value;
                case "data" -> data.append(data.length() == 0 ? "" : "\n").append(value);
                default -> {
                    // A comment, or a field of a later version.
                }
            }
            if (data.length() > MAX_DATA) {
                throw new IOException("an event of the server is too large");
            }
        }
        return null;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try {
            stream.close();
        } catch (IOException e) {
            // It is given up anyway.
        }
    }
}
