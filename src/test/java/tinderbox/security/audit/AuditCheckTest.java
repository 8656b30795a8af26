package tinderbox.security.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.common.Sha256;

class AuditCheckTest {
    private static final int LINES = 8;
    private static final long LARGE_FILE = 1 << 20;

    @TempDir
    Path dataDir;

    private Path file() {
        return AuditFixture.file(dataDir);
    }

    private List<String> written() throws IOException {
        AuditFixture.write(dataDir, LINES, LARGE_FILE);
        return new ArrayList<>(AuditFixture.lines(dataDir));
    }

    private void replace(List<String> lines) throws IOException {
        Files.write(file(), lines);
    }

    private AuditCheck.Broken broken() throws IOException, InterruptedException {
        return assertInstanceOf(AuditCheck.Broken.class, AuditFixture.check(dataDir));
    }

    private void assertBad(long line, String why) throws IOException, InterruptedException {
        AuditCheck.Broken broken = broken();
        assertEquals(new AuditCheck.Broken(file(), line, broken.why(), line - 1), broken);
        assertTrue(broken.why().contains(why), broken.why());
    }

    @Test
    void anyFlippedBitIsFoundInItsLine() throws Exception {
        written();
        byte[] good = Files.readAllBytes(file());
        int line = 1;
        for (int i = 0; i < good.length; i++) {
            byte[] flipped = good.clone();
            flipped[i] ^= (byte) (1 << i % 8);
            Files.write(file(), flipped);
            AuditCheck.Broken broken = broken();
            assertEquals(line, broken.line(), "byte " + i + ": " + broken);
            if (good[i] == '\n') {
                line++;
            }
        }
    }

    @Test
    void aMissingLineIsFoundAtItsPlace() throws Exception {
        List<String> good = written();
        for (int missing = 0; missing < LINES - 1; missing++) {
            List<String> lines = new ArrayList<>(good);
            lines.remove(missing);
            replace(lines);
            assertBad(missing + 1, "lines");
        }
    }

    @Test
    void anAddedLineIsFound() throws Exception {
        List<String> good = written();
        for (int at = 1; at <= LINES; at++) {
            List<String> lines = new ArrayList<>(good);
            lines.add(at, good.get(at - 1));
            replace(lines);
            assertBad(at + 1, "seq");
        }
    }

    @Test
    void swappedLinesAreFound() throws Exception {
        List<String> good = written();
        for (int at = 0; at < LINES - 1; at++) {
            List<String> lines = new ArrayList<>(good);
            Collections.swap(lines, at, at + 1);
            replace(lines);
            assertBad(at + 1, "seq");
        }
    }

    @Test
    void aChangedLineWithANewHashIsFoundInTheNext() throws Exception {
        List<String> lines = written();
        String before = lines.get(2);
        String changed = lines.get(3).replace("job-4", "job-x");
        String body = changed.substring(0, changed.lastIndexOf(",\"hash\"")) + "}";
        String hash = Sha256.hex(
                (before.substring(before.length() - 66, before.length() - 2) + body).getBytes(StandardCharsets.UTF_8));
        lines.set(3, body.substring(0, body.length() - 1) + ",\"hash\":\"" + hash + "\"}");
        replace(lines);
        assertBad(5, "the line before it");
    }

    @Test
    void aTruncatedLastLineIsTorn() throws Exception {
        written();
        byte[] good = Files.readAllBytes(file());
        int lastLine = good.length - AuditFixture.lines(dataDir).get(LINES - 1).length() - 1;
        for (int end = lastLine + 1; end < good.length; end++) {
            Files.write(file(), Arrays.copyOf(good, end));
            assertBad(LINES, "torn");
        }
        Files.write(file(), Arrays.copyOf(good, lastLine));
        assertEquals(
                LINES - 1,
                assertInstanceOf(AuditCheck.Intact.class, AuditFixture.check(dataDir))
                        .lines(),
                "whole lines off the end show in the last hash only");
    }

    @Test
    void aTruncatedLineIsFound() throws Exception {
        try (AuditLog log = new AuditLog(dataDir, AuditFixture.AT_NOON)) {
            log.append(AuditFixture.event("漢\u001b\"😀", AuditAction.SUBMIT, "\\"));
        }
        byte[] good = Files.readAllBytes(file());
        for (int end = 0; end < good.length - 1; end++) {
            byte[] shorter = Arrays.copyOf(good, end + 1);
            shorter[end] = '\n';
            Files.write(file(), shorter);
            assertBad(1, "is");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "", "[]", "{}", "{\"seq\":5}", "{\"seq\":\"5\",\"hash\":5}", "null"})
    void otherLinesAreFound(String line) throws Exception {
        List<String> lines = written();
        lines.add(4, line);
        replace(lines);
        assertBad(5, "is ");
    }

    @Test
    void anEndlessLineIsFoundInConstantMemory() throws Exception {
        List<String> lines = written();
        lines.add(4, "x".repeat(10 << 20));
        replace(lines);
        assertBad(5, "longer");
    }

    @Test
    void aLineThatIsBeingWrittenIsNotAnError() throws Exception {
        written();
        byte[] good = Files.readAllBytes(file());
        Files.write(file(), Arrays.copyOf(good, good.length - 100));
        AuditCheck.Verdict verdict = AuditCheck.run(dataDir, () -> finish(good));
        assertEquals(LINES, assertInstanceOf(AuditCheck.Intact.class, verdict).lines());
    }

    private void finish(byte[] good) {
        try {
            Files.write(file(), Arrays.copyOfRange(good, good.length - 100, good.length), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aLogIsIntactWhileItIsWritten() throws Exception {
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try (AuditLog log = new AuditLog(dataDir, AuditFixture.AT_NOON, 20_000)) {
            Future<?> written = writer.submit(() -> {
                for (int i = 0; i < 3000; i++) {
                    log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "job-" + i));
                }
            });
            while (!written.isDone()) {
                assertInstanceOf(AuditCheck.Intact.class, AuditCheck.run(dataDir));
            }
            written.get();
        } finally {
            writer.shutdown();
        }
        assertEquals(
                3000,
                assertInstanceOf(AuditCheck.Intact.class, AuditFixture.check(dataDir))
                        .lines());
    }

    @Test
    void theOldestFilesMayBeMissingButNoneBetween() throws Exception {
        AuditFixture.write(dataDir, 40, AuditFixture.SMALL_FILE);
        List<AuditFolder.Full> full = AuditFolder.of(dataDir).full();
        Files.delete(full.get(0).path());
        Files.delete(full.get(1).path());
        long first = full.get(2).first();
        AuditCheck.Intact intact = assertInstanceOf(AuditCheck.Intact.class, AuditFixture.check(dataDir));
        assertEquals(new AuditCheck.Intact(41 - first, first, 40, intact.lastHash()), intact);
        Files.delete(full.get(3).path());
        AuditCheck.Broken broken = broken();
        assertEquals(full.get(4).path(), broken.file());
        assertEquals(1, broken.line());
    }

    @Test
    void theFirstRemainingLineIsCheckedToo() throws Exception {
        AuditFixture.write(dataDir, 40, AuditFixture.SMALL_FILE);
        List<AuditFolder.Full> full = AuditFolder.of(dataDir).full();
        Files.delete(full.get(0).path());
        Path oldest = full.get(1).path();
        String text = Files.readString(oldest);
        Files.writeString(oldest, text.replaceFirst("192.0.2.7", "192.0.2.8"));
        assertEquals(oldest, broken().file());
        assertEquals(1, broken().line());
        Files.writeString(oldest, text.substring(text.indexOf('\n') + 1));
        assertTrue(broken().why().contains("does not begin a file"), broken()::toString);
    }

    @Test
    void aDataDirWithoutALogIsReported() {
        assertThrows(NoSuchFileException.class, () -> AuditFixture.check(dataDir));
        assertThrows(NoSuchFileException.class, () -> AuditFixture.check(dataDir.resolve("nowhere")));
    }

    @Test
    void aLogWithoutLinesIsIntact() throws Exception {
        AuditFixture.write(dataDir, 0, LARGE_FILE);
        assertEquals(new AuditCheck.Intact(0, 0, 0, "0".repeat(64)), AuditFixture.check(dataDir));
    }
}
