package tinderbox.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/** Many event streams, read by one thread. Remembers which events each received, and when. */
final class EventSwarm implements AutoCloseable {
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private final List<Client> clients = new ArrayList<>();
    /** When the state changed that an event reports, by the id of the event; parsed once for all clients. */
    private final Map<String, Instant> changes = new HashMap<>();

    private final Map<String, String> jobStates = new HashMap<>();
    private final List<Long> delaysMicros = new ArrayList<>();

    /** A client, and the ids of the events that it received after its snapshot, in order. */
    static final class Client {
        private final List<String> ids = new ArrayList<>();
        private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
        private boolean begun;

        List<String> ids() {
            return ids;
        }

        boolean hasBegun() {
            return begun;
        }
    }

    EventSwarm() throws IOException {}

    /** Opens {@code count} streams of all jobs. They are ready when {@link Client#hasBegun} is true. */
    void open(URI server, int count) throws IOException {
        // With HTTP/1.0, the response has no chunks and ends with the connection.
        byte[] request = ("GET /api/v1/events HTTP/1.0\r\nHost: " + server.getHost() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
            channel.write(ByteBuffer.wrap(request));
            channel.configureBlocking(false);
            Client client = new Client();
            clients.add(client);
            channel.register(selector, SelectionKey.OP_READ, client);
        }
    }

    /** Reads until a condition is true; fails after a time. */
    void readUntil(BooleanSupplier condition, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("nothing came for " + timeout.toSeconds() + " s");
            }
            selector.select(key -> read((SocketChannel) key.channel(), (Client) key.attachment()), 20);
        }
    }

    private void read(SocketChannel channel, Client client) {
        try {
            int read = channel.read(buffer.clear());
            if (read < 0) {
                throw new IllegalStateException("the server has closed a stream");
            }
            client.pending.write(buffer.array(), 0, read);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        if (endsEvent(client.pending)) {
            String text = client.pending.toString(StandardCharsets.UTF_8);
            client.pending.reset();
            Instant now = Instant.now();
            for (String event : text.split("\n\n", -1)) {
                take(client, event, now);
            }
        }
    }

    private static boolean endsEvent(ByteArrayOutputStream pending) {
        byte[] bytes = pending.toByteArray();
        int size = bytes.length;
        return size > 1 && bytes[size - 1] == '\n' && bytes[size - 2] == '\n';
    }

    private void take(Client client, String event, Instant now) {
        int at = event.indexOf("\nid: ");
        if (at < 0) {
            return;
        }
        String id = event.substring(at + 5, event.indexOf('\n', at + 5));
        if (event.startsWith("event: snapshot")) {
            client.begun = true;
            return;
        }
        client.ids.add(id);
        if (event.startsWith("event: job\n")) {
            Instant changed = changes.computeIfAbsent(id, unknown -> change(event));
            delaysMicros.add(Duration.between(changed, now).toNanos() / 1000);
        }
    }

    private Instant change(String event) {
        try {
            Map<String, Object> job = Json.readObject(
                    event.substring(event.indexOf("\ndata: ") + 7).getBytes(StandardCharsets.UTF_8));
            String status = job.get("status").toString();
            jobStates.put(job.get("job_id").toString(), status);
            String field = switch (status) {
                case "PENDING" -> "submitted_at";
                case "RUNNING" -> "started_at";
                default -> "finished_at";
            };
            return Instant.parse(job.get(field).toString());
        } catch (MalformedJsonException e) {
            throw new IllegalStateException(event, e);
        }
    }

    /** The clients, in the order in which they were opened. */
    List<Client> clients() {
        return clients;
    }

    /** The last state of a job that was received, or null. */
    String state(String jobId) {
        return jobStates.get(jobId);
    }

    /** From each state change to its receipt by each client, in µs. State changes are recorded in whole ms. */
    List<Long> delaysMicros() {
        return delaysMicros;
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
