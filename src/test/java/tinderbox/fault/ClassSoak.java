package tinderbox.fault;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;
import tinderbox.security.auth.Role;
import tinderbox.security.auth.TokenAdmin;

/**
 * A class with {@value #USERS} people, each with a token of their own, on a server with {@code --private}: first they fill
 * the queue, to see whether it is fair; then each works, and tries to see the jobs and uploads of the others. No byte that
 * one of them receives may have the name, an id or a word of another.
 */
final class ClassSoak {
    private static final int USERS = 30;
    private static final int MANY = 40;
    private static final int FEW = 5;
    private static final int MAX_UNFINISHED = 3;
    private static final int MAX_VIOLATIONS = 20;
    private static final Pattern MARK = Pattern.compile("zqu(\\d\\d)x");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final URI base;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final Map<String, Integer> owners = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    /** How long accepted submissions took, in nanoseconds, by type. */
    private final Map<String, Queue<Long>> submits = new ConcurrentHashMap<>();

    private final Map<Integer, AtomicLong> statuses = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong probes = new AtomicLong();

    private ClassSoak(URI base) {
        this.base = base;
    }

    /** Runs it for this long, and prints what it has found; false if somebody saw anything of others. */
    static boolean run(Path dataDir, int minutes, long seed) throws Exception {
        System.out.println("seed " + seed);
        TokenAdmin tokens = new TokenAdmin(Files.createDirectories(dataDir), Clock.systemUTC());
        String admin = tokens.create("ada", Role.ADMIN, null);
        List<String> secrets = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            secrets.add(tokens.create(mark(i), Role.SUBMITTER, null));
        }
        String viewer = tokens.create("vic", Role.VIEWER, null, Set.of(mark(0)));
        try (ServerProcess server =
                ServerProcess.on(dataDir).withProductionJvm().with("--private").start()) {
            ClassSoak soak = new ClassSoak(server.uri());
            List<User> users = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                users.add(soak.new User(i, secrets.get(i), new Random(seed + i)));
            }
            User limited = soak.new User(0, viewer, new Random(seed));
            boolean isFair = soak.isFair(users, soak.new User(-1, admin, new Random(seed)));
            soak.work(users, limited, Duration.ofMinutes(minutes));
            return soak.report() && isFair;
        }
    }

    private static String mark(int user) {
        return String.format("zqu%02dx", user);
    }

    private void violation(String text) {
        if (violations.size() < MAX_VIOLATIONS) {
            violations.add(text);
        }
    }

    /** Each user has jobs that wait; one has very many. Each must have the same number of starts while all wait. */
    private boolean isFair(List<User> users, User admin) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(USERS);
        List<Future<?>> filling = new ArrayList<>();
        for (User user : users) {
            user.upload("first");
            filling.add(threads.submit(() -> {
                for (int n = 0; n < (user.number == 0 ? MANY : FEW); n++) {
                    user.count("first");
                }
                return null;
            }));
        }
        await(filling);
        threads.shutdown();
        Instant allWait = Instant.now();
        while (((Number) admin.json("/api/v1/jobs?status=PENDING&limit=1").get("total")).intValue() > 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
        Map<Integer, List<Instant>> starts = new TreeMap<>();
        for (String id : owners.keySet()) {
            Instant started = Instant.parse(
                    admin.json("/api/v1/jobs/" + id).get("started_at").toString());
            if (started.isAfter(allWait)) {
                starts.computeIfAbsent(owners.get(id), user -> new ArrayList<>())
                        .add(started);
            }
        }
        Instant oneIsDone = starts.values().stream()
                .map(each -> each.stream().max(Comparator.naturalOrder()).orElseThrow())
                .min(Comparator.naturalOrder())
                .orElseThrow();
        List<Long> counts = starts.values().stream()
                .map(each ->
                        each.stream().filter(start -> start.isBefore(oneIsDone)).count())
                .sorted()
                .toList();
        long least = counts.get(0);
        long most = counts.get(counts.size() - 1);
        System.out.println("starts of each of " + starts.size() + " users while all had waiting jobs: " + least + " to "
                + most + ", although one had " + MANY + " jobs and the others " + FEW);
        return starts.size() == USERS && most - least <= 2;
    }

    private static void await(List<Future<?>> all) throws InterruptedException {
        for (Future<?> each : all) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    private void work(List<User> users, User limited, Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        ExecutorService threads = Executors.newFixedThreadPool(USERS + 1);
        List<Future<?>> working = new ArrayList<>();
        for (User user : users) {
            user.follow();
            working.add(threads.submit(() -> {
                while (System.nanoTime() < end) {
                    user.act();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100 + user.random.nextInt(400)));
                }
                return null;
            }));
        }
        limited.follow();
        working.add(threads.submit(() -> {
            while (System.nanoTime() < end) {
                limited.look();
                limited.probe();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            }
            return null;
        }));
        await(working);
        threads.shutdown();
    }

    private boolean report() {
        System.out.println(owners.size() + " jobs, " + bytes.get() + " bytes received, " + events.get()
                + " lines of events, " + probes.get() + " requests for what belongs to others");
        System.out.println("responses by status: " + new TreeMap<>(statuses));
        submits.forEach((type, each) -> {
            List<Long> sorted = each.stream().sorted().toList();
            System.out.println(sorted.size() + " submissions of " + type + ": p50 " + millis(sorted, 50) + " ms, p99 "
                    + millis(sorted, 99) + " ms, most " + millis(sorted, 100) + " ms");
        });
        violations.forEach(System.out::println);
        System.out.println(violations.isEmpty() ? "nobody saw anything of others" : "something went wrong");
        return violations.isEmpty();
    }

    private static long millis(List<Long> sorted, int percent) {
        return sorted.isEmpty() ? 0 : sorted.get((sorted.size() - 1) * percent / 100) / 1_000_000;
    }

    private final class User {
        private final int number;
        private final String secret;
        private final Random random;
        private final List<String> ids = new ArrayList<>();
        private final List<String> counts = new ArrayList<>();
        private final List<String> files = new ArrayList<>();

        User(int number, String secret, Random random) {
            this.number = number;
            this.secret = secret;
            this.random = random;
        }

        private HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(base.resolve(path))
                    .timeout(Duration.ofSeconds(90))
                    .header("Authorization", "Bearer " + secret);
        }

        private HttpResponse<String> send(HttpRequest request, String... named) throws IOException {
            try {
                HttpResponse<String> response =
                        client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
                statuses.computeIfAbsent(response.statusCode(), status -> new AtomicLong())
                        .incrementAndGet();
                if (response.statusCode() >= 500 && !isBusy(response)) {
                    violation(request + " got " + response.statusCode() + " " + response.body());
                }
                check(request.toString(), response.headers().map() + response.body(), List.of(named));
                return response;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        /** Whether the server asks to try again later, as it may under such a load. */
        private static boolean isBusy(HttpResponse<String> response) {
            return (response.statusCode() == 429 || response.statusCode() == 503)
                    && response.headers().firstValue("Retry-After").isPresent();
        }

        /** Nothing of others, but what the request has named itself. */
        private void check(String what, String text, List<String> named) {
            bytes.addAndGet(text.length());
            if (number < 0) {
                return;
            }
            for (Matcher found = MARK.matcher(text); found.find(); ) {
                if (Integer.parseInt(found.group(1)) != number && !named.contains(found.group())) {
                    violation(mark(number) + " saw " + found.group() + " in " + what + ": " + text);
                }
            }
            for (Matcher found = ID.matcher(text); found.find(); ) {
                Integer owner = owners.get(found.group());
                if (owner != null && owner != number && !named.contains(found.group())) {
                    violation(mark(number) + " saw a job of " + mark(owner) + " in " + what + ": " + text);
                }
            }
        }

        HttpResponse<String> get(String path, String... named) throws IOException {
            return send(request(path).build(), named);
        }

        Map<String, Object> json(String path) throws IOException {
            return object(get(path));
        }

        private Map<String, Object> object(HttpResponse<String> response) throws IOException {
            try {
                return Json.readObject(response.body().getBytes(StandardCharsets.UTF_8));
            } catch (MalformedJsonException e) {
                throw new IOException(response.body(), e);
            }
        }

        void upload(String name) throws IOException {
            String file = mark(number) + "-" + name + ".txt";
            String words = (mark(number) + " word" + random.nextInt(1000) + "\n").repeat(100);
            HttpResponse<String> response = send(request("/api/v1/datasets/uploads/" + file + "?replace=true")
                    .PUT(HttpRequest.BodyPublishers.ofString(words))
                    .build());
            if (response.statusCode() < 300 && !files.contains(name)) {
                files.add(name);
            }
        }

        private HttpResponse<String> post(String type, Map<String, Object> params, String... named) throws IOException {
            Map<String, Object> body = new LinkedHashMap<>(Map.of("type", type, "params", params));
            body.put("name", mark(number) + " " + type);
            HttpRequest request = request("/api/v1/jobs")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))
                    .build();
            long begun = System.nanoTime();
            HttpResponse<String> response = send(request, named);
            if (response.statusCode() == 202) {
                submits.computeIfAbsent(type, any -> new ConcurrentLinkedQueue<>())
                        .add(System.nanoTime() - begun);
                String id = object(response).get("job_id").toString();
                owners.put(id, number);
                ids.add(id);
            }
            return response;
        }

        void count(String name) throws IOException {
            if (post("word-count", Map.of("input", "uploads/" + mark(number) + "-" + name + ".txt"))
                            .statusCode()
                    == 202) {
                counts.add(ids.get(ids.size() - 1));
            }
        }

        private boolean hasTooMany() throws IOException {
            Map<String, Object> list = json("/api/v1/jobs?status=PENDING&status=RUNNING&limit=1");
            return ((Number) list.get("total")).intValue() >= MAX_UNFINISHED;
        }

        void act() throws IOException {
            switch (random.nextInt(6)) {
                case 0 -> {
                    if (!hasTooMany()) {
                        count(one(files));
                    }
                }
                case 1 -> {
                    if (!hasTooMany()) {
                        post("sql", Map.of("query", "SELECT word, count FROM `results/" + one(counts) + "`"));
                    }
                }
                case 2 -> upload("n" + random.nextInt(5));
                case 3 -> look();
                case 4 -> probe();
                default -> change();
            }
        }

        private <T> T one(List<T> all) {
            return all.get(random.nextInt(all.size()));
        }

        void look() throws IOException {
            for (String path : List.of(
                    "/api/v1/jobs?limit=100",
                    "/api/v1/jobs?q=word",
                    "/api/v1/jobs?sort=submitted_by",
                    "/api/v1/server",
                    "/api/v1/datasets?path=uploads",
                    "/readyz?verbose")) {
                get(path);
            }
            if (!ids.isEmpty()) {
                String job = "/api/v1/jobs/" + one(ids);
                for (String path : List.of("", "/log", "/stages", "/result", "/plan")) {
                    get(job + path);
                }
            }
        }

        /** Asks for what belongs to somebody else. */
        void probe() throws IOException {
            List<String> others = owners.entrySet().stream()
                    .filter(each -> each.getValue() != number)
                    .map(Map.Entry::getKey)
                    .limit(1000)
                    .toList();
            if (others.isEmpty()) {
                return;
            }
            String id = one(others);
            String mark = mark(owners.get(id));
            String job = "/api/v1/jobs/" + id;
            probes.incrementAndGet();
            for (String path : List.of("", "?wait=1", "/log", "/stages", "/plan", "/result?format=csv", "/events")) {
                expect(404, get(job + path));
            }
            String upload = "uploads/" + mark + "-first.txt";
            expect(404, get("/api/v1/datasets/preview?path=" + upload, mark));
            expect(404, get("/api/v1/datasets/columns?path=results/" + id, id));
            get("/api/v1/jobs?q=" + mark);
            get("/api/v1/jobs?q=" + id);
            get("/api/v1/jobs?submitted_by=" + mark);
            get("/api/v1/jobs?rerun_of=" + id);
            if (secret.isEmpty() || files.isEmpty()) {
                return;
            }
            expect(
                    404,
                    send(request(job + "/cancel")
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build()));
            expect(
                    404,
                    send(request(job + "/rerun")
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build()));
            expect(404, send(request(job).DELETE().build()));
            expect(404, send(request("/api/v1/datasets/" + upload).DELETE().build(), mark));
            expect(
                    409,
                    send(
                            request("/api/v1/datasets/" + upload + "?replace=true")
                                    .PUT(HttpRequest.BodyPublishers.ofString("x"))
                                    .build(),
                            mark));
            expect(422, post("word-count", Map.of("input", "results/" + id), id));
            expect(422, post("word-count", Map.of("input", upload), mark));
            expect(422, post("sql", Map.of("query", "SELECT * FROM `results/" + id + "`"), id));
            expect(422, post("sql", Map.of("query", "SELECT * FROM uploads.`" + mark + "-firs`"), mark));
        }

        private void expect(int status, HttpResponse<String> response) {
            if (response.statusCode() != status && !isBusy(response)) {
                violation(mark(number) + " got " + response.statusCode() + " for " + response.request() + ": "
                        + response.body());
            }
        }

        private void change() throws IOException {
            String id = one(ids);
            switch (random.nextInt(3)) {
                case 0 ->
                    send(request("/api/v1/jobs/" + id + "/cancel")
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build());
                case 1 -> get("/api/v1/datasets/columns?path=uploads/" + mark(number) + "-first.txt");
                default -> {
                    if (ids.size() > 20 && !counts.contains(id)) {
                        send(request("/api/v1/jobs/" + id).DELETE().build());
                    }
                }
            }
        }

        /** Checks every line of the events of all jobs, until the server ends. */
        void follow() {
            HttpRequest request = HttpRequest.newBuilder(base.resolve("/api/v1/events"))
                    .header("Authorization", "Bearer " + secret)
                    .header("Accept", "text/event-stream")
                    .build();
            Thread thread = new Thread(() -> {
                try (Stream<String> lines = client.send(request, HttpResponse.BodyHandlers.ofLines())
                        .body()) {
                    lines.forEach(line -> {
                        events.incrementAndGet();
                        check("events", line, List.of());
                    });
                } catch (IOException | RuntimeException e) {
                    // The server has ended.
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
    }
}
