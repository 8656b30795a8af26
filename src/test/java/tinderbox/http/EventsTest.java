package tinderbox.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.support.ApiClient;
import tinderbox.support.BlockingJob;
import tinderbox.support.EventStreamReader;
import tinderbox.support.EventStreamReader.Event;
import tinderbox.support.TestServer;

/** Every event reaches every stream once and in order, also after an interruption. */
class EventsTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final ApiClient API = new ApiClient(SERVER);
    private static final String ALL = "/api/v1/events";
    private static final int BREAKS = 60;

    private static EventStreamReader open(String path, String lastEventId, String... headers) {
        return EventStreamReader.open(SERVER.uri(path), lastEventId, headers);
    }

    private static String eventsOf(String id) {
        return "/api/v1/jobs/" + id + "/events";
    }

    private static Predicate<Event> ended(String id) {
        return event -> isJob(event, id) && event.json().get("finished_at") != null;
    }

    private static boolean isJob(Event event, String id) {
        return event.name().equals("job") && event.json().get("job_id").equals(id);
    }

    private static List<Object> statuses(List<Event> events, String id) {
        return events.stream()
                .filter(event -> isJob(event, id))
                .map(event -> event.json().get("status"))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> maps(Object list) {
        return (List<Map<String, Object>>) list;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    private static long openStreams() {
        return (Long) map(API.get("/api/v1/server").get("event_streams")).get("open");
    }

    private static long cutOff() {
        return (Long) map(API.get("/api/v1/server").get("event_streams")).get("cut_off");
    }

    @Test
    void everyChangeOfEveryJobIsPublishedInOrder() throws Exception {
        try (EventStreamReader events = open(ALL, null)) {
            Event snapshot = events.next();
            assertEquals("snapshot", snapshot.name());
            assertEquals(List.of("jobs", "counts"), List.copyOf(snapshot.json().keySet()));

            String key = UUID.randomUUID().toString();
            String id = API.submit("blocking", Map.of("key", key));
            BlockingJob.gate(key).awaitReached();
            BlockingJob.gate(key).open();

            List<Event> seen = events.readUntil(ended(id));
            assertEquals(List.of("PENDING", "RUNNING", "SUCCEEDED"), statuses(seen, id));
            Map<String, Object> last = seen.get(seen.size() - 1).json();
            Map<String, Object> whole = API.job(id);
            whole.keySet().removeAll(List.of("summary", "log_preview"));
            assertEquals(whole, last);
            List<Long> numbers = new ArrayList<>();
            seen.forEach(event -> numbers.add(Long.parseLong(event.id().split("-", -1)[1])));
            assertEquals(numbers.stream().sorted().distinct().toList(), numbers);
        }
    }

    @Test
    void aSnapshotHasTheRunningJobsAndTheCounts() throws Exception {
        String key = UUID.randomUUID().toString();
        String id = API.submit("blocking", Map.of("key", key));
        BlockingJob.gate(key).awaitReached();
        try (EventStreamReader events = open(ALL, null)) {
            Map<String, Object> snapshot = events.next().json();

            Map<String, Object> job = maps(snapshot.get("jobs")).stream()
                    .filter(item -> item.get("job_id").equals(id))
                    .findFirst()
                    .orElseThrow();
            assertEquals("RUNNING", job.get("status"));
            assertTrue((Long) map(snapshot.get("counts")).get("RUNNING") > 0);
        } finally {
            BlockingJob.gate(key).open();
        }
        API.awaitEnd(id);
    }

    @Test
    void cancelAndDeleteArePublished() throws Exception {
        String key = UUID.randomUUID().toString();
        String id = API.submit("blocking", Map.of("key", key));
        BlockingJob.gate(key).awaitReached();
        try (EventStreamReader all = open(ALL, null);
                EventStreamReader one = open(eventsOf(id), null)) {
            all.next();
            one.next();
            API.post("/api/v1/jobs/" + id + "/cancel");

            assertEquals(List.of("CANCELLING", "CANCELLED"), statuses(one.readUntil(ended(id)), id));
            API.send(API.request("/api/v1/jobs/" + id).DELETE().build());
            for (EventStreamReader events : List.of(all, one)) {
                List<Event> seen = events.readUntil(event -> event.name().equals("deleted"));
                assertEquals(Map.of("job_id", id), seen.get(seen.size() - 1).json());
            }
            assertNull(one.next(), "the stream of a job that is gone ends");
        }
        assertEquals(404, open(eventsOf(id), null).status());
    }

    @Test
    void theStreamOfAJobHasEveryLineOfItsLogOnce() throws Exception {
        String key = UUID.randomUUID().toString();
        String id = API.submit("blocking", Map.of("key", key));
        BlockingJob.gate(key).awaitReached();
        try (EventStreamReader events = open(eventsOf(id), null)) {
            Map<String, Object> snapshot = events.next().json();
            assertEquals(id, map(snapshot.get("job")).get("job_id"));
            List<Object> lines = new ArrayList<>(maps(map(snapshot.get("log")).get("lines")));
            assertTrue(!lines.isEmpty());
            BlockingJob.gate(key).open();

            events.readUntil(ended(id)).stream()
                    .filter(event -> event.name().equals("log"))
                    .forEach(event -> lines.addAll(maps(event.json().get("lines"))));
            assertEquals(API.get("/api/v1/jobs/" + id + "/log").get("lines"), lines);
        }
    }

    @Test
    void missedEventsAreReplayedWithoutASnapshot() throws Exception {
        String last;
        String first;
        try (EventStreamReader events = open(ALL, null)) {
            events.next();
            first = API.submit("line-lengths", Map.of("input", "samples/moby-dick.txt"));
            events.readUntil(ended(first));
            last = events.lastId();
        }
        String id = API.submit("logging", Map.of("lines", 10));
        API.awaitEnd(id);
        try (EventStreamReader events = open(ALL, last)) {
            List<Event> seen = events.readUntil(ended(id));
            assertEquals(List.of("PENDING", "RUNNING", "SUCCEEDED"), statuses(seen, id));
            assertEquals(List.of(), statuses(seen, first));
            assertTrue(seen.stream()
                    .noneMatch(event ->
                            event.name().equals("snapshot") || event.name().equals("reset")));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "00000000-7",
                "ffffffff-99999999999999999999",
                "-1",
                "%00",
                "deadbeef-1; DROP",
                "future"
            })
    void anIdThatCannotBeReplayedGetsAResetAndASnapshot(String id) {
        String asked = id.equals("future") ? boot() + "-999999999999" : id;
        String job = (String) API.run("logging", Map.of("lines", 1)).get("job_id");
        for (String path : List.of(ALL, eventsOf(job))) {
            try (EventStreamReader events = open(path, asked)) {
                Event reset = events.next();
                assertEquals("reset", reset.name());
                // A client that is cut off here must not miss the snapshot.
                try (EventStreamReader again = open(path, reset.id())) {
                    assertEquals("reset", again.next().name());
                }
                assertEquals("snapshot", events.next().name());
            }
        }
    }

    private static String boot() {
        try (EventStreamReader events = open(ALL, null)) {
            return events.next().id().split("-", -1)[0];
        }
    }

    private static String untilEndOf(String id) {
        return eventsOf(id) + "?until=end";
    }

    /** Reads a stream that ends, and returns its events. */
    private static List<Event> readAll(String path, String lastEventId) {
        try (EventStreamReader events = open(path, lastEventId)) {
            assertEquals(200, events.status());
            List<Event> all = new ArrayList<>();
            for (Event event = events.next(); event != null; event = events.next()) {
                if (!event.name().equals("ping")) {
                    all.add(event);
                }
            }
            return all;
        }
    }

    private static void assertOver(String path, String lastEventId) {
        RawHttp.Reply reply =
                RawHttp.get(path).header("Last-Event-ID", lastEventId).send(SERVER.port());
        assertEquals(204, reply.status(), reply::text);
    }

    @Test
    void aStreamUntilTheEndHasTheWholeLogAndTheEndedJobAndIsThenOver() throws Exception {
        String key = UUID.randomUUID().toString();
        String id = API.submit("blocking", Map.of("key", key));
        BlockingJob.gate(key).awaitReached();
        CompletableFuture<List<Event>> both;
        List<Event> live;
        try (EventStreamReader open = open(eventsOf(id), null);
                EventStreamReader events = open(untilEndOf(id), null)) {
            List<Event> seen = new ArrayList<>(List.of(events.next()));
            both = CompletableFuture.supplyAsync(() -> open.readUntil(ended(id)));
            BlockingJob.gate(key).open();
            seen.addAll(events.readUntil(ended(id)));
            assertNull(events.next(), "the stream ends");
            live = seen;
            assertEquals(
                    both.get(60, TimeUnit.SECONDS).stream().map(Event::id).toList(),
                    live.stream().map(Event::id).toList());
        }
        List<Object> lines =
                new ArrayList<>(maps(map(live.get(0).json().get("log")).get("lines")));
        live.stream()
                .filter(event -> event.name().equals("log"))
                .forEach(event -> lines.addAll(maps(event.json().get("lines"))));
        assertEquals(API.get("/api/v1/jobs/" + id + "/log").get("lines"), lines);
        String end = live.get(live.size() - 1).id();

        assertOver(untilEndOf(id), end);
        try (EventStreamReader stays = open(eventsOf(id), end)) {
            assertEquals(200, stays.status(), "without until, the stream stays open");
        }
        List<Event> rest = readAll(untilEndOf(id), live.get(0).id());
        assertEquals(
                live.subList(1, live.size()).stream().map(Event::id).toList(),
                rest.stream().map(Event::id).toList());

        String other = (String) API.run("logging", Map.of("lines", 1)).get("job_id");
        assertEquals(
                List.of("reset", "snapshot"),
                readAll(untilEndOf(other), end.replaceFirst(".$", "0")).stream()
                        .map(Event::name)
                        .toList(),
                "the end of another job");
    }

    @Test
    void aStreamUntilTheEndOfAnEndedJobIsASnapshotOfAnySizeAlsoAfterARestart() {
        String id = (String)
                API.run("logging", Map.of("lines", 2000, "length", 5000)).get("job_id");
        List<Event> all = readAll(untilEndOf(id), null);
        assertEquals(List.of("snapshot"), all.stream().map(Event::name).toList());
        Map<String, Object> log = map(all.get(0).json().get("log"));
        assertEquals(true, log.get("eof"));
        assertEquals("SUCCEEDED", map(all.get(0).json().get("job")).get("status"));
        String end = all.get(0).id();
        assertOver(untilEndOf(id), end);
        String slow = readSlowly(untilEndOf(id));
        assertTrue(slow.contains("event: snapshot"));
        assertTrue(slow.endsWith("retry: 4000\n\n"), "a client that reads slowly gets all of it");

        SERVER.restart();

        assertOver(untilEndOf(id), end);
        List<Event> again = readAll(untilEndOf(id), end.substring(0, end.lastIndexOf('-')));
        assertEquals(
                List.of("reset", "snapshot"), again.stream().map(Event::name).toList());
        assertOver(untilEndOf(id), again.get(1).id());
    }

    /** Reads only after the server has written as much as the system takes. */
    private static String readSlowly(String target) {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.setSoTimeout(60_000);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), SERVER.port()));
            socket.getOutputStream()
                    .write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            API.run("logging", Map.of("lines", 1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aStreamEndsUntilNothingElse() {
        String id = (String) API.run("logging", Map.of("lines", 1)).get("job_id");
        for (String query : List.of("?until=END", "?until=end&until=end", "?until=tomorrow")) {
            RawHttp.get(eventsOf(id) + query).send(SERVER.port()).assertProblem(400, "bad_query");
        }
        assertEquals(400, RawHttp.get(ALL + "?until=end").send(SERVER.port()).status());
    }

    @Test
    void aRestartHasAnotherBootIdAndEndsStreamsInAnOrderlyWay() {
        EventStreamReader before = open(ALL, null);
        String last = before.next().id();

        SERVER.restart();

        Event event = before.next();
        while (event != null) {
            event = before.next();
        }
        // Later than a stop takes: one that is still under way would response with an error, after which browsers give
        // up.
        assertEquals(List.of("2000", "4000"), before.retries());
        try (EventStreamReader after = open(ALL, last)) {
            assertEquals("reset", after.next().name());
            assertNotEquals(last.split("-", -1)[0], after.next().id().split("-", -1)[0]);
        }
    }

    @Test
    void proxiesAreAskedNotToBuffer() {
        try (EventStreamReader events = open(ALL, null, "Accept-Encoding: gzip, br")) {
            assertEquals(200, events.status());
            assertEquals("text/event-stream", events.header("Content-Type"));
            assertEquals("no-store", events.header("Cache-Control"));
            assertEquals("no", events.header("X-Accel-Buffering"));
            assertNull(events.header("Content-Encoding"));
            assertNull(events.header("Content-Length"));
            events.next();
            assertTrue(events.commentChars() > 2048);
            assertEquals(List.of("2000"), events.retries());
        }
    }

    @Test
    void headHasTheHeadersAndEnds() {
        RawHttp.Reply reply = RawHttp.request("HEAD", ALL).send(SERVER.port());

        assertEquals(200, reply.status());
        assertEquals("text/event-stream", reply.header("Content-Type"));
    }

    @Test
    void badRequestsAreRefused() {
        assertEquals(
                404,
                RawHttp.get(eventsOf(UUID.randomUUID().toString()))
                        .send(SERVER.port())
                        .status());
        assertEquals(404, RawHttp.get(eventsOf("nonsense")).send(SERVER.port()).status());
        assertEquals(400, RawHttp.get(ALL + "?since=1").send(SERVER.port()).status());
        assertEquals(
                406,
                RawHttp.get(ALL)
                        .header("Accept", "application/json")
                        .send(SERVER.port())
                        .status());
        assertEquals(405, RawHttp.post(ALL).send(SERVER.port()).status());
    }

    @Test
    void manyStreamsHoldNoWorkerAndAreForgottenWhenTheyClose() {
        long before = openStreams();
        List<EventStreamReader> readers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            readers.add(open(ALL, null));
        }
        assertEquals(before + 100, openStreams());
        String id = API.submit("logging", Map.of("lines", 1));
        readers.forEach(reader -> reader.readUntil(ended(id)));

        readers.forEach(EventStreamReader::close);

        await().until(() -> {
            API.run("logging", Map.of("lines", 1));
            return openStreams() <= before;
        });
    }

    @Test
    void aClientThatDoesNotReadIsCutOffAndNoOtherNotices() throws Exception {
        long before = cutOff();
        String id = API.submit("logging", Map.of("lines", 10_000_000, "length", 1000, "pause_every", 5));
        try (Socket deaf = new Socket();
                EventStreamReader events = open(eventsOf(id), null)) {
            deaf.setReceiveBufferSize(4096);
            deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), SERVER.port()));
            deaf.getOutputStream()
                    .write(("GET " + eventsOf(id) + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            CompletableFuture<List<Event>> read = CompletableFuture.supplyAsync(() -> events.readUntil(ended(id)));
            await().until(() -> cutOff() > before);
            API.post("/api/v1/jobs/" + id + "/cancel");
            List<Event> all = read.get(60, TimeUnit.SECONDS);
            assertEquals("CANCELLED", all.get(all.size() - 1).json().get("status"));
        }
    }

    @Test
    void theLastLinesOfALogPrecedeTheEndEvenIfThereAreMany() {
        String id = API.submit("logging", Map.of("lines", 9000, "length", 1000));
        try (EventStreamReader events = open(eventsOf(id), null)) {
            List<Event> seen = events.readUntil(ended(id));
            List<Event> logs =
                    seen.stream().filter(event -> event.name().equals("log")).toList();
            Event last = logs.get(logs.size() - 1);
            assertEquals(
                    API.get("/api/v1/jobs/" + id + "/log").get("total"),
                    last.json().get("next"));
        }
    }

    @Test
    void bytesReadRiseToExactlyTheSizeOfTheInput() {
        String id = API.submit("word-count", Map.of("input", "samples/state-of-the-union"));
        try (EventStreamReader events = open(eventsOf(id), null)) {
            List<Map<String, Object>> reported = new ArrayList<>();
            for (Event event : events.readUntil(ended(id))) {
                Object progress = event.json().get("progress");
                if (progress != null) {
                    reported.add(map(progress));
                }
            }
            List<Object> read = reported.stream()
                    .map(progress -> progress.get("bytes_read"))
                    .toList();
            assertEquals(read.stream().sorted().toList(), read);
            Map<String, Object> last = reported.get(reported.size() - 1);
            assertEquals(10_761_413L, last.get("bytes_read"));
            assertEquals(10_761_413L, last.get("bytes_total"));
        }
    }

    @Test
    void interruptionsLoseAndRepeatNothing() throws Exception {
        Random random = new Random(4);
        String id = API.submit("logging", Map.of("lines", 10_000_000, "pause_every", 3));
        List<Event> pieced = new ArrayList<>();
        String last = null;
        try (EventStreamReader uninterrupted = open(eventsOf(id), null)) {
            CompletableFuture<List<Event>> whole =
                    CompletableFuture.supplyAsync(() -> uninterrupted.readUntil(ended(id)));
            for (int cut = 0; cut < BREAKS; cut++) {
                try (EventStreamReader events = open(eventsOf(id), last)) {
                    for (int left = random.nextInt(4); left > 0; left--) {
                        collect(events.next(), last == null, pieced);
                        last = events.lastId();
                    }
                    events.skipChars(random.nextInt(3000));
                }
            }
            API.post("/api/v1/jobs/" + id + "/cancel");
            try (EventStreamReader events = open(eventsOf(id), last)) {
                events.readUntil(ended(id)).forEach(event -> collect(event, false, pieced));
            }
            List<Event> seen = whole.get(60, TimeUnit.SECONDS);
            int from = seen.indexOf(pieced.get(0));
            assertTrue(pieced.size() > BREAKS / 4 && from >= 0, "too little has happened: " + pieced.size());
            assertEquals(seen.subList(from, seen.size()), pieced);
        }
    }

    private static void collect(Event event, boolean snapshotDue, List<Event> pieced) {
        switch (event.name()) {
            case "snapshot" -> assertTrue(snapshotDue || pieced.isEmpty(), "a snapshot where a replay was due");
            case "ping" -> {}
            default -> pieced.add(event);
        }
    }
}
