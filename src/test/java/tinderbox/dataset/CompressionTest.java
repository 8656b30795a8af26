package tinderbox.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
    private static String decompressed(Compression compression, byte[] file) throws IOException {
        try (InputStream in = compression.decompress(new ByteArrayInputStream(file), Duration.ZERO)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "a.gz, GZIP",
        "A.GZ, GZIP",
        "x/a.Bz2, BZIP2",
        "a.txt.ZST, ZSTD",
        "a.lz4, REFUSED",
        "a.SNAPPY, REFUSED",
        "a.Deflate, REFUSED",
        "a.txt, NONE",
        "gz, NONE",
        "a.gz.txt, NONE",
        "a.xz, NONE"
    })
    void theExtensionDecidesInAnyCase(String name, Compression compression) {
        assertEquals(compression, Compression.of(name));
    }

    @Test
    void allMembersAreReadAndZerosAfterThemIgnored() throws Exception {
        byte[] two = join(gzip("one "), gzip(""), gzip("two"));
        assertEquals("one two", decompressed(Compression.GZIP, two));
        assertEquals("one two", decompressed(Compression.GZIP, join(two, new byte[1])));
        assertEquals("one two", decompressed(Compression.GZIP, join(two, new byte[200_000])));
        assertEquals("", decompressed(Compression.GZIP, new byte[0]));
    }

    @Test
    void otherBytesAfterGzipDataAreAnError() throws Exception {
        byte[] one = gzip("one ");
        for (byte[] rest : new byte[][] {
            "rest".getBytes(StandardCharsets.US_ASCII), join(new byte[9], one), {0x1F}, {0x1F, (byte) 0x8B}, {0, 1}
        }) {
            assertThrows(
                    IOException.class, () -> decompressed(Compression.GZIP, join(one, rest)), Arrays.toString(rest));
        }
        assertThrows(IOException.class, () -> decompressed(Compression.GZIP, new byte[20]), "zeros are no gzip data");
    }

    @Test
    void aHeaderMayHaveEveryField() throws Exception {
        byte[] plain = gzip("content");
        byte[] header =
                HexFormat.of().parseHex("1f8b081e0000000000ff" + "0300616263" + "6e616d6500" + "77687900" + "1234");
        assertEquals(
                "content", decompressed(Compression.GZIP, join(header, Arrays.copyOfRange(plain, 10, plain.length))));
    }

    @Test
    void everyTruncationAndFlippedByteOfGzipDataIsDetectedOrHarmless() throws Exception {
        byte[] whole = gzip("some words of a text ".repeat(20));
        String text = decompressed(Compression.GZIP, whole);
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(IOException.class, () -> decompressed(Compression.GZIP, cut), "cut at " + length);
        }
        for (int at = 10; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x55;
            assertThrows(
                    IOException.class, () -> assertEquals(text, decompressed(Compression.GZIP, flipped)), "byte " + at);
        }
    }

    /** A frame with a window of 2 to the given power, and one block that is not compressed. */
    private static byte[] frame(int windowLog, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        int block = (content.length << 3) | 1;
        return join(
                HexFormat.of().parseHex("28b52ffd00"),
                new byte[] {(byte) ((windowLog - 10) << 3), (byte) block, (byte) (block >> 8), (byte) (block >> 16)},
                content);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 23, 27, 28, 29, 30, 31})
    void aWindowIsReadIfThereIsMemoryForItAndReportedOtherwise(int log) throws Exception {
        byte[] skippable = HexFormat.of().parseHex("502a4d18" + "04000000" + "01020304");
        byte[] file = join(skippable, frame(log, "words"));
        if (log <= 20 || 1 << (log - 20) <= ZstdWindowInputStream.BOUND) {
            assertEquals("words", decompressed(Compression.ZSTD, file));
            assertEquals("words", decompressed(Compression.ZSTD, file), "the memory was given back");
        } else {
            InputLimitException refused =
                    assertThrows(InputLimitException.class, () -> decompressed(Compression.ZSTD, file));
            assertTrue(
                    refused.getMessage().contains("a window of " + (1 << (log - 20)) + " MiB"), refused.getMessage());
            assertTrue(refused.hint().contains("--long=27"), refused.hint());
        }
    }

    @Test
    void aLaterFrameWithALargerWindowIsNotReportedAsDamage() {
        byte[] file = join(frame(20, "words "), frame(30, "more"));
        InputLimitException refused =
                assertThrows(InputLimitException.class, () -> decompressed(Compression.ZSTD, file));
        assertTrue(refused.getMessage().contains("window"), refused.getMessage());
    }

    @Test
    void aSingleSegmentFrameHasAWindowOfItsSize() {
        byte[] file = HexFormat.of().parseHex("28b52ffd" + "e0" + "0000000002000000" + "010000");
        InputLimitException refused =
                assertThrows(InputLimitException.class, () -> decompressed(Compression.ZSTD, file));
        assertTrue(refused.getMessage().contains("a window of 8192 MiB"), refused.getMessage());
    }

    @Test
    void windowsShareTheirMemory() throws Exception {
        byte[] usual = frame(27, "words");
        int most = ZstdWindowInputStream.BOUND / 128;
        InputStream[] open = new InputStream[most];
        try {
            for (int i = 0; i < most; i++) {
                open[i] = Compression.ZSTD.decompress(new ByteArrayInputStream(usual), Duration.ZERO);
            }
            InputLimitException refused =
                    assertThrows(InputLimitException.class, () -> decompressed(Compression.ZSTD, usual));
            assertTrue(refused.getMessage().contains("use that memory"), refused.getMessage());
            Thread waiting = new Thread(() -> assertThrows(
                    IOException.class,
                    () -> Compression.ZSTD.decompress(new ByteArrayInputStream(usual), Duration.ofMinutes(10))));
            waiting.start();
            while (waiting.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            assertEquals("small", decompressed(Compression.ZSTD, frame(20, "small")), "it does not stand in line");
            waiting.interrupt();
            waiting.join();
        } finally {
            for (InputStream in : open) {
                in.close();
            }
        }
        assertEquals("words", decompressed(Compression.ZSTD, usual));
    }
}
