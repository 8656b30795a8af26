package tinderbox.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {
    private static final String TORN = "torn";

    @TempDir
    Path folder;

    private Path file(List<String> lines, String end) throws IOException {
        return Files.writeString(folder.resolve("lines"), String.join("\n", lines) + "\n" + end);
    }

    private static List<String> linesOfAnyLength(long seed) {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            lines.add("x".repeat(random.nextInt(random.nextInt(5) == 0 ? LineReader.MAX_LINE + 1 : 100)) + i);
        }
        lines.set(100, "x".repeat(LineReader.MAX_LINE));
        lines.removeIf(line -> line.length() > LineReader.MAX_LINE);
        return lines;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void readsLinesOfAnyLengthInBothDirections(long seed) throws Exception {
        assertReads(linesOfAnyLength(seed));
    }

    @Test
    void readsLinesThatEndWhereABlockEnds() throws Exception {
        assertReads(Collections.nCopies(20_000, "x".repeat(15)));
    }

    @Test
    void readsEmptyLines() throws Exception {
        assertReads(List.of("", "", "a", ""));
    }

    private void assertReads(List<String> lines) throws IOException {
        Path file = file(lines, TORN);
        long offset = 0;
        try (LineReader reader = LineReader.forwards(file)) {
            for (String line : lines) {
                assertReads(line, offset, reader);
                offset += line.length() + 1;
            }
            assertReadsTorn(offset, reader);
            assertFalse(reader.advance());
        }
        try (LineReader reader = LineReader.backwards(file)) {
            assertReadsTorn(offset, reader);
            for (int i = lines.size() - 1; i >= 0; i--) {
                offset -= lines.get(i).length() + 1;
                assertReads(lines.get(i), offset, reader);
            }
            assertFalse(reader.advance());
            assertFalse(reader.advance());
        }
    }

    private static void assertReads(String line, long offset, LineReader reader) throws IOException {
        assertTrue(reader.advance());
        assertEquals(line, reader.text());
        assertEquals(line.length(), reader.length());
        assertEquals(offset, reader.offset());
        assertTrue(reader.isTerminated() && reader.isComplete());
    }

    private static void assertReadsTorn(long offset, LineReader reader) throws IOException {
        assertTrue(reader.advance());
        assertEquals(TORN, reader.text());
        assertEquals(offset, reader.offset());
        assertFalse(reader.isTerminated() || reader.isComplete());
    }

    @ParameterizedTest
    @ValueSource(ints = {LineReader.MAX_LINE + 1, 65_535, 65_536, 98_305, 131_072, 300_000})
    void aLineThatIsTooLongIsNeitherCompleteNorInTheWayOfOthers(int length) throws Exception {
        Path file = file(List.of("before", "x".repeat(length), "after"), "");
        try (LineReader forwards = LineReader.forwards(file);
                LineReader backwards = LineReader.backwards(file)) {
            assertReads("before", 0, forwards);
            assertReads("after", 8 + length, backwards);
            for (LineReader reader : List.of(forwards, backwards)) {
                assertTrue(reader.advance());
                assertTrue(reader.isTerminated());
                assertFalse(reader.isComplete());
                assertTrue(reader.length() > LineReader.MAX_LINE);
                assertEquals(7, reader.offset());
                assertEquals('x', reader.byteAt(0));
            }
            assertReads("after", 8 + length, forwards);
            assertReads("before", 0, backwards);
            assertFalse(forwards.advance() || backwards.advance());
        }
    }

    @Test
    void aTornLineIsReadOnWhenItGrows() throws Exception {
        Path file = file(List.of("whole"), TORN);
        try (LineReader reader = LineReader.forwards(file)) {
            assertReads("whole", 0, reader);
            assertReadsTorn(6, reader);
            reader.continueLine();
            assertEquals(TORN, reader.text());
            assertFalse(reader.isTerminated());
            Files.writeString(file, " no more\nnext\n", StandardOpenOption.APPEND);
            reader.continueLine();
            assertEquals("torn no more", new String(reader.line(), StandardCharsets.US_ASCII));
            assertTrue(reader.isComplete());
            assertReads("next", 19, reader);
            assertFalse(reader.advance());
        }
    }

    @Test
    void aRangeBeginsAndEndsAnywhere() throws Exception {
        Path file = file(List.of("first", "second", "third"), "");
        try (FileChannel channel = FileChannel.open(file)) {
            LineReader reader = LineReader.forwards(channel, 2, 15);
            assertReads("rst", 2, reader);
            assertReads("second", 6, reader);
            assertTrue(reader.advance());
            assertEquals("th", reader.text());
            assertFalse(reader.isTerminated());
            assertFalse(reader.advance());
        }
    }

    @Test
    void anEmptyFileHasNoLinesAndAMissingOneIsAnError() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty"));
        try (LineReader forwards = LineReader.forwards(empty);
                LineReader backwards = LineReader.backwards(empty)) {
            assertFalse(forwards.advance() || backwards.advance());
        }
        assertThrows(NoSuchFileException.class, () -> LineReader.forwards(folder.resolve("none")));
        assertThrows(NoSuchFileException.class, () -> LineReader.backwards(folder.resolve("none")));
    }
}
