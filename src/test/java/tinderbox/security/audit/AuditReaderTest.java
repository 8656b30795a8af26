package tinderbox.security.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.common.LongRead;

class AuditReaderTest {
    private static final List<String> ACTORS = List.of("ann", "bob", "a\"n", "漢字", "an");
    private static final List<AuditAction> ACTIONS =
            List.of(AuditAction.SUBMIT, AuditAction.CANCEL, AuditAction.REFUSED);
    private static final List<String> TARGETS = List.of("uploads/a.csv", "uploads/a\nb", "job-1", "job-12", "é\u202E");

    @TempDir
    Path dataDir;

    private Instant now = AuditFixture.NOON;
    private Random random;

    private AuditReader reader() {
        return new AuditReader(AuditFolder.of(dataDir));
    }

    private static <T> T any(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private <T> T anyOrNull(List<T> of) {
        return random.nextInt(3) == 0 ? null : any(random, of);
    }

    /** Compares random queries with a filter over all lines. The same seed always gives the same lines and queries. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void pagesHaveTheLinesThatAFullScanFinds(long seed) throws Exception {
        random = new Random(seed);
        InstantSource clock = () -> now;
        try (AuditLog log = new AuditLog(dataDir, clock.withZone(ZoneOffset.UTC), 20_000)) {
            for (int i = 0; i < 400; i++) {
                // A clock may be set back, too.
                now = now.plusSeconds(random.nextInt(60) - 5);
                log.append(AuditFixture.event(anyOrNull(ACTORS), any(random, ACTIONS), anyOrNull(TARGETS)));
            }
        }
        List<AuditEntry> all = new ArrayList<>(walk(AuditQuery.newest(500)));
        assertEquals(400, all.size());
        assertEquals(400, all.get(0).seq());
        for (int i = 0; i < 60; i++) {
            AuditQuery query = anyQuery();
            List<AuditEntry> matching = all.stream().filter(matches(query)).toList();
            assertEquals(matching, walk(query), query::toString);
            assertEquals(matching, read(query), query::toString);
        }
    }

    private AuditQuery anyQuery() {
        return new AuditQuery(
                anyOrNull(ACTORS),
                anyOrNull(ACTIONS),
                anyOrNull(List.of("a", "job-1", "uploads/", "\n", "é\u202E", "\"target\"", "")),
                random.nextInt(3) > 0 ? null : AuditFixture.NOON.plusSeconds(random.nextInt(9000)),
                random.nextInt(3) > 0 ? null : AuditFixture.NOON.plusSeconds(random.nextInt(9000)),
                random.nextInt(3) > 0 ? null : (long) random.nextInt(420),
                1 + random.nextInt(60));
    }

    private static Predicate<AuditEntry> matches(AuditQuery query) {
        return entry -> (query.actor() == null || query.actor().equals(entry.actor()))
                && (query.action() == null || query.action().word().equals(entry.action()))
                && (query.target() == null
                        || (entry.target() != null && entry.target().contains(query.target())))
                && (query.since() == null || entry.time().compareTo(query.since()) >= 0)
                && (query.until() == null || entry.time().compareTo(query.until()) < 0)
                && (query.before() == null || entry.seq() < query.before());
    }

    /** All pages, one after the other. */
    private List<AuditEntry> walk(AuditQuery query) throws IOException {
        List<AuditEntry> found = new ArrayList<>();
        AuditPage page = reader().page(query);
        while (page.more()) {
            assertTrue(page.entries().size() <= query.limit());
            found.addAll(page.entries());
            page = reader().page(query.before(page.before()));
        }
        found.addAll(page.entries());
        return found;
    }

    /** All pages of one pass. */
    private List<AuditEntry> read(AuditQuery query) throws IOException {
        List<AuditEntry> found = new ArrayList<>();
        try (AuditPages pages = reader().pages(query)) {
            AuditPage page;
            do {
                page = pages.next();
                found.addAll(page.entries());
            } while (page.more());
        }
        return found;
    }

    @Test
    void aSearchThatTimesOutSaysWhereToContinue() throws Exception {
        AuditFixture.write(dataDir, 100, AuditFixture.SMALL_FILE);
        AuditQuery nobody = new AuditQuery("nobody", null, null, null, null, null, 10);
        AtomicLong now = new AtomicLong();
        LongRead longRead = LongRead.within(Duration.ofNanos(30), now::incrementAndGet);

        AuditPage page = longRead.run(() -> reader().page(nobody));

        assertTrue(page.more());
        assertTrue(page.before() > 1 && page.before() < 100, page::toString);
    }

    @Test
    void aSearchThatFindsNothingStopsAndSaysWhereToContinue() throws Exception {
        AuditFixture.write(dataDir, 100, AuditFixture.SMALL_FILE);
        AuditReader reader = new AuditReader(AuditFolder.of(dataDir), 30);
        AuditQuery nobody = new AuditQuery("nobody", null, null, null, null, null, 10);
        AuditPage page = reader.page(nobody);
        assertEquals(new AuditPage(List.of(), true, 71L), page);
        page = reader.page(nobody.before(page.before()));
        assertEquals(41L, page.before());
        page = reader.page(nobody.before(11));
        assertEquals(new AuditPage(List.of(), false, null), page);
    }

    @Test
    void timesAreComparedExactlyAtAnyDistance() throws Exception {
        AuditFixture.write(dataDir, 5, AuditFixture.SMALL_FILE);
        assertEquals(
                5,
                walk(new AuditQuery(null, null, null, Instant.MIN, Instant.MAX, null, 3))
                        .size());
        assertEquals(
                0,
                walk(new AuditQuery(null, null, null, Instant.MAX, null, null, 3))
                        .size());
        Instant then = AuditFixture.NOON;
        assertEquals(
                5, walk(new AuditQuery(null, null, null, then, null, null, 3)).size());
        assertEquals(
                0, walk(new AuditQuery(null, null, null, null, then, null, 3)).size());
        Instant within = then.plusNanos(1);
        assertEquals(
                0, walk(new AuditQuery(null, null, null, within, null, null, 3)).size());
        assertEquals(
                5, walk(new AuditQuery(null, null, null, null, within, null, 3)).size());
    }

    @Test
    void theLastPageIsMarked() throws Exception {
        AuditFixture.write(dataDir, 20, AuditFixture.SMALL_FILE);
        AuditPage page = reader().page(AuditQuery.newest(20));
        assertEquals(20, page.entries().size());
        assertFalse(page.more());
        assertTrue(reader().page(AuditQuery.newest(19)).more());
        assertEquals(List.of(), reader().page(AuditQuery.newest(5).before(1)).entries());
    }

    @Test
    void damagedAndPartialLinesAreSkipped() throws Exception {
        AuditFixture.write(dataDir, 3, 1 << 20);
        Path file = AuditFixture.file(dataDir);
        Files.writeString(
                file,
                "x".repeat(300_000) + "\n\n{\"seq\":2,\"x" + "x".repeat(100) + "\n{\"seq\":4,\"time\":\"2026",
                StandardOpenOption.APPEND);
        assertEquals(
                List.of(3L, 2L, 1L),
                walk(AuditQuery.newest(2)).stream().map(AuditEntry::seq).toList());
    }

    @Test
    void anEmptyLogHasNoLines() throws Exception {
        AuditFixture.write(dataDir, 0, 1 << 20);
        assertEquals(new AuditPage(List.of(), false, null), reader().page(AuditQuery.newest(5)));
    }

    @Test
    void limitsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> AuditQuery.newest(0));
        assertThrows(IllegalArgumentException.class, () -> AuditQuery.newest(501));
    }
}
