package tinderbox.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients that send one request after another, each on its own connection, with little overhead. */
final class HttpLoad {
    private HttpLoad() {}

    /** An open connection. */
    static final class Client implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final String host;

        Client(URI server) throws IOException {
            socket = new Socket(InetAddress.getByName(server.getHost()), server.getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(120_000);
            in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            host = server.getAuthority();
        }

        byte[] get(String path) throws IOException {
            return send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        }

        byte[] post(String path, String json) throws IOException {
            return send("POST " + path + " HTTP/1.1\r\nHost: " + host
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + json.length() + "\r\n\r\n" + json);
        }

        /** Returns the body of the response. Any failure ends the measurement. */
        private byte[] send(String request) throws IOException {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String status = line();
            int length = 0;
            for (String header = line(); !header.isEmpty(); header = line()) {
                if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(header.substring(15).strip());
                }
            }
            byte[] body = in.readNBytes(length);
            if (!status.startsWith("HTTP/1.1 2")) {
                throw new IOException(status + " " + new String(body, StandardCharsets.UTF_8));
            }
            return body;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new EOFException("the server has closed the connection");
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** What a client repeats. */
    interface Step {
        void run(Client client) throws IOException;
    }

    /**
     * The results.
     *
     * @param micros the duration of each step in µs, sorted
     * @param perSecond steps per second, of all clients together
     */
    record Figures(List<Long> micros, double perSecond) {
        /** A percentile of the durations in ms, with one decimal. */
        String percentile(double percent) {
            int index = (int) Math.min(micros.size() - 1L, Math.round(micros.size() * percent / 100));
            return String.format(Locale.ROOT, "%.1f", micros.get(index) / 1000.0);
        }
    }

    /** Runs this many clients at the same time for a duration. */
    static Figures run(URI server, int clients, Duration time, Step step) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            long started = System.nanoTime();
            long end = started + time.toNanos();
            List<Callable<List<Long>>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                all.add(() -> steps(server, end, step));
            }
            List<Long> micros = new ArrayList<>();
            for (Future<List<Long>> one : threads.invokeAll(all)) {
                micros.addAll(one.get());
            }
            double seconds = (System.nanoTime() - started) / 1e9;
            return new Figures(micros.stream().sorted().toList(), micros.size() / seconds);
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Long> steps(URI server, long end, Step step) throws IOException {
        List<Long> micros = new ArrayList<>();
        try (Client client = new Client(server)) {
            for (long now = System.nanoTime(); now < end; ) {
                step.run(client);
                long then = System.nanoTime();
                micros.add((then - now) / 1000);
                now = then;
            }
        }
        return micros;
    }
}
