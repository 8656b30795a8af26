package tinderbox.fault;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Measures how quickly a stranger is served while others attack the server from many loopback addresses: 16 clients
 * request previews of a compressed file that is large but empty inside, 4,200 clients wait, and others send anonymous
 * requests that fill the audit log.
 */
final class AttackLoad {
    private static final Duration MEASUREMENT = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(5);
    /** Between two requests of an attacker. The attackers share the cores with the server; more load would measure them. */
    private static final Duration ATTACKER_PAUSE = Duration.ofMillis(10);

    private static final long MAX_P99_MILLIS = 200;
    private static final int PREVIEWS = 16;
    private static final int WAITS = 4200;
    private static final int FLOODS = 8;
    private static final int HOLLOW_BYTES = 200 << 20;
    private static final String STRANGER = "127.9.9.9";
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");

    private final int port;
    private final String job;
    private final ConcurrentMap<String, Integer> responses = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    private AttackLoad(int port, String job) {
        this.port = port;
        this.job = job;
    }

    /** Measures without and with the attack; returns whether the stranger was served quickly enough in both. */
    static boolean run(Path dataDir) throws IOException, InterruptedException {
        writeHollowFile(Files.createDirectories(dataDir.resolve("datasets")).resolve("hollow.gz"));
        try (ServerProcess server =
                ServerProcess.on(dataDir).withProductionJvm().start()) {
            AttackLoad attackLoad = new AttackLoad(
                    server.uri().getPort(), submitPendingJob(server.uri().getPort()));
            System.out.println("| request | attack | requests | p50 ms | p99 ms | max ms |");
            System.out.println("| --- | --- | --- | --- | --- | --- |");
            attackLoad.measureStranger("warm-up", Duration.ofSeconds(5));
            boolean good = attackLoad.measureStranger("no", MEASUREMENT);
            Closeable attackers = attackLoad.attack();
            try {
                LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
                good &= attackLoad.measureStranger("yes", MEASUREMENT);
            } finally {
                attackers.close();
            }
            System.out.println("responses to the attackers: " + attackLoad.responses);
            return good;
        }
    }

    private static void writeHollowFile(Path file) throws IOException {
        var member = new ByteArrayOutputStream();
        new GZIPOutputStream(member).close();
        var part = new ByteArrayOutputStream();
        while (part.size() < 1 << 20) {
            part.writeBytes(member.toByteArray());
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int size = 0; size < HOLLOW_BYTES; size += part.size()) {
                part.writeTo(out);
            }
        }
    }

    /** The last of many jobs that take a minute each. */
    private static String submitPendingJob(int port) throws IOException {
        String last = "";
        for (int i = 0; i < 64; i++) {
            try (Connection connection = new Connection(port, STRANGER)) {
                String body = "{\"params\":{\"delay_seconds\":60}}";
                connection.send("POST /api/v1/jobs", "Content-Type: application/json\r\n", body);
                Matcher id = Pattern.compile("\"job_id\":\"([^\"]+)\"").matcher(connection.body);
                last = id.find() ? id.group(1) : last;
            }
        }
        return last;
    }

    /** Sends requests as a client that is not part of the attack. */
    private boolean measureStranger(String attack, Duration duration) throws IOException {
        boolean good = true;
        for (String request : List.of("GET /livez", "GET /api/v1/jobs")) {
            List<Long> nanos = new ArrayList<>();
            long until = System.nanoTime() + duration.toNanos();
            try (Connection connection = new Connection(port, STRANGER)) {
                while (System.nanoTime() < until) {
                    long began = System.nanoTime();
                    int status = connection.send(request, "", "");
                    nanos.add(System.nanoTime() - began);
                    if (status != 200) {
                        System.out.println(request + " got status " + status);
                        good = false;
                    }
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            System.out.printf(
                    Locale.ROOT,
                    "| `%s` | %s | %d | %.1f | %.1f | %.1f |%n",
                    request,
                    attack,
                    sorted.length,
                    millis(sorted, 0.5),
                    millis(sorted, 0.99),
                    millis(sorted, 1));
            good &= millis(sorted, 0.99) < MAX_P99_MILLIS;
        }
        return good;
    }

    private static double millis(long[] sorted, double part) {
        return sorted[(int) Math.min(sorted.length - 1, part * sorted.length)] / 1e6;
    }

    /** Starts the attack; closing the result stops it. */
    private Closeable attack() throws IOException {
        List<Connection> waits = new ArrayList<>();
        for (int i = 0; i < WAITS; i++) {
            Connection wait = new Connection(port, "127.3.0." + (1 + i % 10));
            wait.write("GET /api/v1/jobs/" + job + "?wait=60", "", "");
            waits.add(wait);
        }
        for (int i = 0; i < PREVIEWS; i++) {
            repeat("preview", "127.1.0." + (1 + i), "GET /api/v1/datasets/preview?path=uploads/hollow.gz", "", "");
        }
        for (int i = 0; i < FLOODS; i++) {
            repeat(
                    "log-out",
                    "127.2.1." + (1 + i),
                    "DELETE /api/v1/session",
                    "Origin: http://127.0.0.1:" + port + "\r\n",
                    "");
            repeat(
                    "refused job",
                    "127.2.2." + (1 + i),
                    "POST /api/v1/jobs",
                    "Content-Type: application/json\r\n",
                    "{\"params\":{\"min_length\":0}}");
        }
        return () -> {
            stopped = true;
            for (Connection wait : waits) {
                wait.close();
            }
            for (Thread thread : threads) {
                join(thread);
            }
        };
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void repeat(String name, String from, String request, String headers, String body) {
        Thread thread = new Thread(
                () -> {
                    while (!stopped) {
                        try (Connection connection = new Connection(port, from)) {
                            while (!stopped) {
                                count(name + " " + connection.send(request, headers, body));
                                LockSupport.parkNanos(ATTACKER_PAUSE.toNanos());
                            }
                        } catch (IOException e) {
                            count(name + " cut off");
                        }
                    }
                },
                name);
        threads.add(thread);
        thread.start();
    }

    private void count(String response) {
        responses.merge(response, 1, Integer::sum);
    }

    /** A connection from one of this machine's addresses. */
    private static final class Connection implements Closeable {
        private final Socket socket = new Socket();
        private final int port;
        private String body = "";

        private Connection(int port, String from) throws IOException {
            this.port = port;
            socket.bind(new InetSocketAddress(from, 0));
            socket.setSoTimeout(60_000);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }

        private void write(String request, String headers, String sent) throws IOException {
            String length = sent.isEmpty() ? "" : "Content-Length: " + sent.length() + "\r\n";
            String head = request + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + headers + length + "\r\n";
            socket.getOutputStream().write((head + sent).getBytes(StandardCharsets.US_ASCII));
        }

        /** Sends a request, reads the response and returns its status. */
        private int send(String request, String headers, String sent) throws IOException {
            write(request, headers, sent);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            StringBuilder head = new StringBuilder();
            while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
                head.append((char) in.readUnsignedByte());
            }
            Matcher length = LENGTH.matcher(head);
            byte[] bytes = new byte[length.find() ? Integer.parseInt(length.group(1)) : 0];
            in.readFully(bytes);
            body = new String(bytes, StandardCharsets.UTF_8);
            return Integer.parseInt(head.substring(9, 12));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
