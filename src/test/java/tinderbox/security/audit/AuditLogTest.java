package tinderbox.security.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.common.Sha256;
import tinderbox.json.EscapedJson;

class AuditLogTest {
    private static final long LARGE_FILE = 1 << 20;

    @TempDir
    Path dataDir;

    private AuditLog open() throws IOException {
        return new AuditLog(dataDir, AuditFixture.AT_NOON, LARGE_FILE);
    }

    private Path file() {
        return AuditFixture.file(dataDir);
    }

    private void add(String text) throws IOException {
        Files.writeString(file(), text, StandardOpenOption.APPEND);
    }

    private AuditCheck.Intact assertIntact() throws IOException, InterruptedException {
        return assertInstanceOf(AuditCheck.Intact.class, AuditFixture.check(dataDir));
    }

    private static List<AuditEntry> newest(AuditLog log, int limit) throws IOException {
        return log.page(AuditQuery.newest(limit)).entries();
    }

    @Test
    void appendWritesTheWholeLineBeforeItReturns() throws Exception {
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("input", "samples/x.txt");
        params.put("min_length", 3L);
        params.put("nothing", null);
        params.put("list", List.of(true, Map.of("a", "b")));
        try (AuditLog log = open()) {
            log.append(new AuditEvent(
                    "ann", "admin", "2001:db8::7", AuditAction.SUBMIT, "job-1", params, 422, "invalid_job", "0a1b"));
            String line = AuditFixture.lines(dataDir).get(0);
            assertTrue(
                    line.startsWith("{\"seq\":1,\"time\":\"2026-01-05T12:00:00.000Z\",\"actor\":\"ann\",\"role\":"),
                    line);
            AuditEntry entry = newest(log, 10).get(0);
            assertEquals(
                    new AuditEntry(
                            1,
                            AuditFixture.NOON,
                            "ann",
                            "admin",
                            "2001:db8::7",
                            "submit",
                            "job-1",
                            params,
                            false,
                            422,
                            "invalid_job",
                            "0a1b",
                            entry.hash()),
                    entry);
        }
    }

    @Test
    void aStoredNumberOfAnySizeIsRead() throws Exception {
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("huge", new BigDecimal("1E+999999999"));
        params.put("tiny", new BigDecimal("-1E-999999999"));
        params.put("long", new BigDecimal("7".repeat(2000)));
        try (AuditLog log = open()) {
            log.append(new AuditEvent(null, null, null, AuditAction.SUBMIT, null, params, 422, "invalid_job", "0a1b"));
            assertEquals(params, newest(log, 10).get(0).params());
        }
        assertIntact();
    }

    @Test
    void anUnknownActorIsNull() throws Exception {
        try (AuditLog log = open()) {
            log.append(new AuditEvent(null, null, null, AuditAction.REFUSED, null, null, 401, null, null));
            AuditEntry entry = newest(log, 10).get(0);
            assertEquals("refused", entry.action());
            assertEquals(Map.of(), entry.params());
            assertEquals(null, entry.actor());
            assertEquals(null, entry.target());
        }
    }

    /** As the Javadoc of AuditLine has it, and as anybody can with sed and sha256sum. */
    @Test
    void theHashCoversThePreviousHashAndTheLine() throws Exception {
        AuditFixture.write(dataDir, 3, LARGE_FILE);
        AuditFixture.write(dataDir, 2, LARGE_FILE);
        String before = "0".repeat(64);
        for (String line : AuditFixture.lines(dataDir)) {
            int cut = line.lastIndexOf(",\"hash\":\"");
            String hash = line.substring(cut + 9, line.length() - 2);
            assertEquals(
                    Sha256.hex((before + line.substring(0, cut) + "}").getBytes(StandardCharsets.UTF_8)), hash, line);
            before = hash;
        }
        assertEquals(new AuditCheck.Intact(5, 1, 5, before), AuditFixture.check(dataDir));
    }

    @Test
    void concurrentWritersShareOneChain() throws Exception {
        int threads = 8;
        int each = 300;
        Set<String> written = new HashSet<>();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (AuditLog log = new AuditLog(dataDir, AuditFixture.AT_NOON, 50_000)) {
            List<Future<?>> done = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int number = thread;
                done.add(pool.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        log.append(AuditFixture.event("actor-" + number, AuditAction.CANCEL, "job-" + i));
                    }
                }));
            }
            for (Future<?> one : done) {
                one.get();
            }
            AuditQuery query = AuditQuery.newest(AuditQuery.MAX_LIMIT);
            for (AuditPage page = log.page(query); ; page = log.page(query.before(page.before()))) {
                page.entries().forEach(entry -> written.add(entry.actor() + " " + entry.target()));
                if (!page.more()) {
                    break;
                }
            }
        } finally {
            pool.shutdown();
        }
        assertEquals(threads * each, written.size());
        assertEquals(written.size(), assertIntact().lines());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\n{\"seq\":2,\"actor\":\"root\"}",
                "x\r\ny",
                "\u001b[2J\u001b[31mred\u0007",
                "\u009b31m",
                "\u0000\u0001\b\t\f\u007f",
                "user\u202Etxt.exe",
                "\u202A\u202B\u202C\u202D\u2066\u2067\u2068\u2069",
                "\u200E\u200F\u061C\u200B\uFEFF",
                "a\u2028b\u2029c\u0085d",
                "\uDB40\uDC41tag",
                "\"},\"hash\":\"0\"}",
                "\\\"\\n\\u000a\\",
                "</script><!--",
                "Ünïcødé 漢字 😀"
            })
    void noTextForgesALineOrHidesCharacters(String hostile) throws Exception {
        try (AuditLog log = open()) {
            log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "before"));
            log.append(new AuditEvent(
                    hostile,
                    hostile,
                    hostile,
                    AuditAction.LOGIN,
                    hostile,
                    Map.of(hostile, List.of(hostile)),
                    401,
                    hostile,
                    hostile));
            log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "after"));
            AuditEntry entry = newest(log, 10).get(1);
            assertEquals(hostile, entry.actor());
            assertEquals(hostile, entry.role());
            assertEquals(hostile, entry.address());
            assertEquals(hostile, entry.target());
            assertEquals(Map.of(hostile, List.of(hostile)), entry.params());
            assertEquals(hostile, entry.code());
            assertEquals(hostile, entry.requestId());
        }
        String text = Files.readString(file());
        assertEquals(3, text.chars().filter(c -> c == '\n').count());
        assertEquals(
                List.of(),
                text.codePoints()
                        .filter(c -> c != '\n' && (Character.isISOControl(c) || isUnseen(c)))
                        .mapToObj(Integer::toHexString)
                        .toList());
        assertFalse(text.contains("\\n") && !hostile.contains("\\n"), "escapes have one form");
        assertEquals(3, assertIntact().lines());
    }

    private static boolean isUnseen(int c) {
        return Character.getType(c) == Character.FORMAT || c == 0x2028 || c == 0x2029;
    }

    @Test
    void anUnpairedSurrogateIsReplaced() throws Exception {
        try (AuditLog log = open()) {
            log.append(new AuditEvent(
                    "a\uD83D", null, null, AuditAction.LOGIN, "\uDE00b", Map.of("k\uD83D", "\uD83D"), 0, null, null));
            AuditEntry entry = newest(log, 1).get(0);
            assertEquals("a?", entry.actor());
            assertEquals("?b", entry.target());
            assertEquals(Map.of("k?", "?"), entry.params());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\"", "\u001b", "漢", "😀", "\\"})
    void longTextsAreShortenedAndMarked(String unit) throws Exception {
        String endless = unit.repeat(100_000);
        try (AuditLog log = open()) {
            log.append(new AuditEvent(
                    endless,
                    endless,
                    endless,
                    AuditAction.SUBMIT,
                    endless,
                    Map.of("input", endless),
                    422,
                    endless,
                    endless));
            AuditEntry entry = newest(log, 1).get(0);
            assertTrue(entry.actor().startsWith(unit.repeat(100)), entry.actor());
            assertTrue(entry.actor().endsWith("… (cut from " + endless.length() + " characters)"), entry.actor());
            assertTrue(entry.paramsCut());
            assertTrue(entry.params().get("begins").toString().startsWith("{\"input\":\""), entry::toString);
            assertTrue((Long) entry.params().get("bytes") >= 100_000, entry::toString);
            String hash = Sha256.hex(endless.getBytes(StandardCharsets.UTF_8));
            assertEquals(Map.of("input", hash), entry.params().get("sha256"));
            assertTrue(EscapedJson.write(entry.params()).length <= AuditParams.MAX_BYTES);
        }
        assertTrue(Files.size(file()) < AuditLine.MAX_LENGTH, "a line stays below what readers take");
        assertIntact();
    }

    @Test
    void paramsOfTheMaximumSizeAreNotShortened() throws Exception {
        String fits = "x".repeat(AuditParams.MAX_BYTES - "{\"a\":\"\"}".length());
        try (AuditLog log = open()) {
            for (String text : List.of(fits, fits + "x")) {
                log.append(new AuditEvent(
                        "ann", null, null, AuditAction.SUBMIT, null, Map.of("a", text), 202, null, null));
            }
            List<AuditEntry> entries = newest(log, 2);
            assertEquals(Map.of("a", fits), entries.get(1).params());
            assertFalse(entries.get(1).paramsCut());
            assertTrue(entries.get(0).paramsCut());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"seq\":4,\"time\":\"20",
                "garbage\n",
                "{}\n\n",
                "\n",
                "{\"seq\":4}\n{\"se",
                "\u0000\u0000\u0000"
            })
    void aDamagedEndIsMovedToItsOwnFileAndReported(String damage) throws Exception {
        AuditFixture.write(dataDir, 3, LARGE_FILE);
        add(damage);
        try (AuditLog log = open()) {
            log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "after"));
            List<AuditEntry> entries = newest(log, 10);
            assertEquals(5, entries.size());
            AuditEntry cut = entries.get(1);
            assertEquals("audit_cut", cut.action());
            assertEquals((long) damage.length(), cut.params().get("bytes"));
            assertEquals(damage, Files.readString(file().resolveSibling(cut.target()), StandardCharsets.UTF_8));
        }
        assertEquals(5, assertIntact().lines());
        open().close();
        assertEquals(5, assertIntact().lines(), "it is reported once");
    }

    @Test
    void aTornFirstLineIsRemovedToo() throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "{\"seq\":1,\"ti");
        open().close();
        assertEquals(new AuditCheck.Intact(1, 1, 1, assertIntact().lastHash()), assertIntact());
    }

    @Test
    void aCrashBeforeTheDamageIsReportedLosesNothing() throws Exception {
        AuditFixture.write(dataDir, 3, LARGE_FILE);
        Files.writeString(AuditFolder.of(dataDir).torn(4), "half a li");
        try (AuditLog log = open()) {
            assertEquals("audit_cut", newest(log, 1).get(0).action());
        }
    }

    @Test
    void aFileThatDoesNotEndInAnAuditLineIsNotAppendedTo() throws Exception {
        AuditFixture.write(dataDir, 3, LARGE_FILE);
        add("x".repeat(1 << 21));
        long size = Files.size(file());
        IOException refused = assertThrows(IOException.class, this::open);
        assertTrue(refused.getMessage().contains("move that file elsewhere"), refused.getMessage());
        assertEquals(size, Files.size(file()), "it is as it was found");
    }

    @Test
    void fullFilesAreNamedAfterTheirFirstLineAndTheChainContinues() throws Exception {
        AuditFixture.write(dataDir, 20, AuditFixture.SMALL_FILE);
        AuditFixture.write(dataDir, 20, AuditFixture.SMALL_FILE);
        List<AuditFolder.Full> full = AuditFolder.of(dataDir).full();
        assertTrue(full.size() > 3, full::toString);
        for (AuditFolder.Full each : full) {
            String first = Files.readAllLines(each.path()).get(0);
            assertTrue(first.startsWith("{\"seq\":" + each.first() + ","), first);
            assertTrue(first.contains("\"prev\":\""), first);
            assertTrue(Files.size(each.path()) < AuditFixture.SMALL_FILE + 1000, "one line beyond at the most");
        }
        assertEquals(40, assertIntact().lines());
    }

    @Test
    void fullFilesAreFoundInALocaleWithOtherDigits() throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("fa-IR"));
        try {
            AuditFixture.write(dataDir, 20, AuditFixture.SMALL_FILE);
        } finally {
            Locale.setDefault(before);
        }
        assertTrue(AuditFolder.of(dataDir).full().size() > 1);
        assertEquals(20, assertIntact().lines());
    }

    @Test
    void aCrashBetweenTwoFilesDoesNotBreakTheChain() throws Exception {
        AuditFixture.write(dataDir, 3, LARGE_FILE);
        Files.move(file(), AuditFolder.of(dataDir).full(1));
        AuditFixture.write(dataDir, 2, LARGE_FILE);
        assertEquals(5, assertIntact().lines());
        assertEquals(2, AuditFixture.lines(dataDir).size());
    }

    @Test
    void linesThatCannotBeWrittenAreCountedAndReportedLater() throws Exception {
        Path inTheWay = AuditFolder.of(dataDir).full(1);
        try (AuditLog log = new AuditLog(dataDir, AuditFixture.AT_NOON, 1)) {
            log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "first"));
            Files.createDirectory(inTheWay);
            for (int i = 0; i < 3; i++) {
                log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "lost"));
            }
            assertEquals(1, newest(log, 10).size());
            Files.delete(inTheWay);
            log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "after"));
            List<AuditEntry> entries = newest(log, 10);
            assertEquals(
                    List.of("after", "first"),
                    List.of(entries.get(0).target(), entries.get(2).target()));
            assertEquals("audit_missed", entries.get(1).action());
            assertEquals(3L, entries.get(1).params().get("lines"));
        }
        assertEquals(3, assertIntact().lines());
    }

    @Test
    void skippedLinesAreReportedOnClose() throws Exception {
        Path inTheWay = AuditFolder.of(dataDir).full(1);
        AuditLog log = new AuditLog(dataDir, AuditFixture.AT_NOON, 1);
        log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "first"));
        Files.createDirectory(inTheWay);
        log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "lost"));
        Files.delete(inTheWay);
        log.close();
        log.close();
        log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "too late"));
        assertEquals(2, assertIntact().lines());
        assertTrue(Files.readString(file()).contains("\"action\":\"audit_missed\""));
    }

    private static AuditEvent refused(int number) {
        return new AuditEvent(
                null,
                null,
                "192.0.2.1",
                AuditAction.REFUSED,
                null,
                Map.of("request", "GET /api/v1/jobs/" + number),
                401,
                "unauthenticated",
                "0a1b");
    }

    private static long bytes(Path dataDir) throws IOException {
        try (Stream<Path> files = Files.list(AuditFolder.of(dataDir).path())) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    @Test
    void theOldestFileIsDeletedAfterALineThatRecordsIt() throws Exception {
        AuditBounds bounds = AuditBounds.ofTotal(1 << 16);
        for (int round = 0; round < 4; round++) {
            try (AuditLog log = new AuditLog(dataDir, AuditFixture.AT_NOON, bounds)) {
                for (int i = 0; i < 200; i++) {
                    log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "job-" + i));
                }
            }
        }
        // The first flush after a start applies the limit to the existing files.
        try (AuditLog log = new AuditLog(dataDir, AuditFixture.AT_NOON, bounds)) {
            log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "last"));
            Awaitility.await().until(() -> bytes(dataDir) <= 1 << 16);
        }

        AuditCheck.Intact intact = assertIntact();
        assertTrue(intact.first() > 1, intact::toString);
        assertEquals(1, intact.notes().size(), intact::toString);
        assertTrue(intact.notes().get(0).startsWith("Lines "), intact::toString);
        assertTrue(intact.notes().get(0).contains(" to " + (intact.first() - 1) + " were deleted"), intact::toString);

        // Deleting a file that no line records is detected.
        Path oldest = AuditFolder.of(dataDir).full().get(0).path();
        Files.delete(oldest);
        assertEquals(List.of(), assertIntact().notes());
    }

    @Test
    void theRemainingLinesAreCheckedAgainstTheRecordOfTheDeletion() throws Exception {
        AuditFixture.write(dataDir, 6, 1);
        List<AuditFolder.Full> full = AuditFolder.of(dataDir).full();
        try (AuditLog log = new AuditLog(dataDir, AuditFixture.AT_NOON, LARGE_FILE)) {
            log.append(AuditEvent.ofLog(
                    AuditAction.AUDIT_PRUNED, null, Map.of("first", 1L, "last", 2L, "last_hash", "0".repeat(64))));
        }
        Files.delete(full.get(0).path());
        Files.delete(full.get(1).path());

        AuditCheck.Broken broken = assertInstanceOf(AuditCheck.Broken.class, AuditFixture.check(dataDir));

        assertTrue(broken.why().contains("another hash"), broken::toString);
    }

    @Test
    void aDamagedFileIsDeletedTooAndTheCheckReportsIt() throws Exception {
        AuditBounds bounds = AuditBounds.ofTotal(1 << 16);
        AuditFixture.write(dataDir, 3, 1);
        Files.write(AuditFolder.of(dataDir).full(1), new byte[2 << 20]);
        try (AuditLog log = new AuditLog(dataDir, AuditFixture.AT_NOON, bounds)) {
            log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "last"));
            Awaitility.await().until(() -> bytes(dataDir) <= 1 << 16);
        }

        AuditCheck.Broken broken = assertInstanceOf(AuditCheck.Broken.class, AuditFixture.check(dataDir));
        assertTrue(broken.why().contains("another hash"), broken::toString);
    }

    @Test
    void anonymousRefusalsFillAtMostATenthOfAFileEvenAcrossRestarts() throws Exception {
        AuditBounds bounds = AuditBounds.ofTotal(1 << 20);
        for (int round = 0; round < 2; round++) {
            try (AuditLog log = new AuditLog(dataDir, AuditFixture.AT_NOON, bounds)) {
                for (int i = 0; i < 500; i++) {
                    log.appendAnonymous(refused(i), "192.0.2.1");
                }
                log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "job"));
            }
        }

        assertTrue(bytes(dataDir) < bounds.anonymousBytes() + 3000, bytes(dataDir) + " bytes");
        List<String> lines = AuditFixture.lines(dataDir);
        assertTrue(lines.get(lines.size() - 1).contains("\"action\":\"audit_skipped\""), lines::toString);
        assertTrue(lines.get(lines.size() - 1).contains("\"lines\":500"), lines::toString);
        assertTrue(lines.get(lines.size() - 1).contains("\"192.0.2.1\":500"), lines::toString);
        assertTrue(lines.get(lines.size() - 2).contains("\"job\""), "what somebody did is always written");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"deleted", "replaced", "renamed", "deleted, and half of it was put back", "its folder moved"})
    void aFileThatIsRemovedUnderTheServerIsRestored(String how) throws Exception {
        try (AuditLog log = new AuditLog(dataDir, AuditFixture.AT_NOON, LARGE_FILE)) {
            for (int i = 0; i < 5; i++) {
                log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "job-" + i));
            }
            switch (how) {
                case "deleted" -> Files.delete(file());
                case "replaced" ->
                    Files.move(
                            Files.writeString(dataDir.resolve("other"), "nothing happened\n"),
                            file(),
                            StandardCopyOption.REPLACE_EXISTING);
                case "renamed" -> Files.move(file(), AuditFolder.of(dataDir).full(1));
                case "deleted, and half of it was put back" ->
                    Files.move(file(), Path.of(AuditFolder.of(dataDir).full(1) + ".tmp"));
                default -> Files.move(file().getParent(), dataDir.resolve("elsewhere"));
            }
            log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "after"));
            Awaitility.await()
                    .until(() ->
                            Files.exists(file()) && Files.readString(file()).contains("audit_replaced"));
            log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "later"));
        }

        AuditCheck.Intact intact = assertIntact();
        assertEquals(8, intact.lines());
        assertEquals(0, intact.lost());
        assertTrue(intact.notes().get(0).contains("put back"), intact::toString);
        if (how.equals("replaced")) {
            try (Stream<Path> files = Files.list(file().getParent())) {
                Path aside = files.filter(file -> file.toString().contains("replaced-"))
                        .findFirst()
                        .orElseThrow();
                assertEquals("nothing happened\n", Files.readString(aside));
            }
        }
    }

    @Test
    void linesThatAreCutOffUnderTheServerAreReportedAsLost() throws Exception {
        try (AuditLog log = new AuditLog(dataDir, AuditFixture.AT_NOON, LARGE_FILE)) {
            for (int i = 0; i < 5; i++) {
                log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "job-" + i));
            }
            Files.write(file(), new byte[0]);
            log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "after"));
        }

        AuditCheck.Intact intact = assertIntact();
        assertEquals(5, intact.lost(), intact::toString);
        assertEquals(2, intact.lines());
    }

    @Test
    void theFirstLineRecordsThatADataDirHadJobsButNoLog() throws Exception {
        Files.createDirectories(dataDir.resolve("ended/2026-01"));
        new AuditLog(dataDir, AuditFixture.AT_NOON).close();
        assertTrue(AuditFixture.lines(dataDir).get(0).contains("\"action\":\"audit_begun\""));
        assertEquals(1, assertIntact().notes().size());
    }
}
