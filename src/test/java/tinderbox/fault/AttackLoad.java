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
 * What a stranger notices while others attack the server: 16 clients that ask for previews of a file that unpacks to
 * nothing, 4,200 waits, and a flood of anonymous calls for the audit log, from many addresses of this machine.
 */
final class AttackLoad {
    private static final Duration LOOK = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(5);
    /** Between two calls of an attacker: they have the same cores as the server, and more would measure themselves. */
    private static final Duration ATTACKERS_PAUSE = Duration.ofMillis(10);

    private static final long MOST_MILLIS = 200;
    private static final int PREVIEWS = 16;
    private static final int WAITS = 4200;
    private static final int FLOODS = 8;
    private static final int HOLLOW_BYTES = 200 << 20;
    private static final String STRANGER = "127.9.9.9";
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");

    private final int port;
    private final String job;
    private final ConcurrentMap<String, Integer> answers = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    private AttackLoad(int port, String job) {
        this.port = port;
        this.job = job;
    }

    /** Measures with and without the attack; answers whether the stranger was served quickly enough in both. */
    static boolean look(Path dataDir) throws IOException, InterruptedException {
        hollow(Files.createDirectories(dataDir.resolve("datasets")).resolve("hollow.gz"));
        try (ServerProcess server = ServerProcess.on(dataDir).asUsersDo().start()) {
            AttackLoad attackLoad = new AttackLoad(
                    server.uri().getPort(), jobThatWaits(server.uri().getPort()));
            System.out.println("| call | attack | calls | p50 ms | p99 ms | max ms |");
            System.out.println("| --- | --- | --- | --- | --- | --- |");
            attackLoad.stranger("warm-up", Duration.ofSeconds(5));
            boolean good = attackLoad.stranger("no", LOOK);
            Closeable attackers = attackLoad.begin();
            try {
                LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
                good &= attackLoad.stranger("yes", LOOK);
            } finally {
                attackers.close();
            }
            System.out.println("what the attackers were answered: " + attackLoad.answers);
            return good;
        }
    }

    private static void hollow(Path file) throws IOException {
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

    /** The last of many that take a minute each. */
    private static String jobThatWaits(int port) throws IOException {
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

    /** Calls as somebody who has nothing to do with all that. */
    private boolean stranger(String attack, Duration howLong) throws IOException {
        boolean good = true;
        for (String call : List.of("GET /livez", "GET /api/v1/jobs")) {
            List<Long> nanos = new ArrayList<>();
            long until = System.nanoTime() + howLong.toNanos();
            try (Connection connection = new Connection(port, STRANGER)) {
                while (System.nanoTime() < until) {
                    long began = System.nanoTime();
                    int status = connection.send(call, "", "");
                    nanos.add(System.nanoTime() - began);
                    if (status != 200) {
                        System.out.println(call + " was answered by " + status);
                        good = false;
                    }
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            System.out.printf(
                    Locale.ROOT,
                    "| `%s` | %s | %d | %.1f | %.1f | %.1f |%n",
                    call,
                    attack,
                    sorted.length,
                    millis(sorted, 0.5),
                    millis(sorted, 0.99),
                    millis(sorted, 1));
            good &= millis(sorted, 0.99) < MOST_MILLIS;
        }
        return good;
    }

    private static double millis(long[] sorted, double part) {
        return sorted[(int) Math.min(sorted.length - 1, part * sorted.length)] / 1e6;
    }

    /** Attacks until it is closed. */
    private Closeable begin() throws IOException {
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
            over = true;
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

    private void repeat(String what, String from, String call, String headers, String body) {
        Thread thread = new Thread(
                () -> {
                    while (!over) {
                        try (Connection connection = new Connection(port, from)) {
                            while (!over) {
                                count(what + " " + connection.send(call, headers, body));
                                LockSupport.parkNanos(ATTACKERS_PAUSE.toNanos());
                            }
                        } catch (IOException e) {
                            count(what + " cut off");
                        }
                    }
                },
                what);
        threads.add(thread);
        thread.start();
    }

    private void count(String answer) {
        answers.merge(answer, 1, Integer::sum);
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

        private void write(String call, String headers, String sent) throws IOException {
            String length = sent.isEmpty() ? "" : "Content-Length: " + sent.length() + "\r\n";
            String head = call + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + headers + length + "\r\n";
            socket.getOutputStream().write((head + sent).getBytes(StandardCharsets.US_ASCII));
        }

        /** Sends a request and reads the answer; answers with its status. */
        private int send(String call, String headers, String sent) throws IOException {
            write(call, headers, sent);
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
