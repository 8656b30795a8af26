package tinderbox.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

class DecompressionGuardTest {
    private static final int BUFFER = 1 << 18;

    /** A stream of {@code count} bytes. */
    private static InputStream bytes(long count) {
        return new InputStream() {
            private long left = count;

            @Override
            public int read() {
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] into, int from, int length) {
                int read = (int) Math.min(left, length);
                left -= read;
                return read > 0 ? read : -1;
            }
        };
    }

    private static long readAll(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long all = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            all += read;
        }
        return all;
    }

    private static String refusal(InputStream in) {
        return assertThrows(InputLimitException.class, () -> readAll(in)).getMessage();
    }

    private static DecompressionGuard expansion(int max) {
        return new DecompressionGuard(new InputLimits(Long.MAX_VALUE, max), 0);
    }

    @Test
    void aFileMayDecompressToTwoHundredTimesItsSizeAndNotOneByteMore() throws IOException {
        assertEquals(2_000_000, readAll(expansion(200).limit(bytes(2_000_000), 10_000)));
        assertEquals(
                "unpacks to more than 200 times its size",
                refusal(expansion(200).limit(bytes(2_000_001), 10_000)));
    }

    @Test
    void aSmallFileMayDecompressToAMebibyteWhateverItsSize() throws IOException {
        assertEquals(1 << 20, readAll(expansion(1).limit(bytes(1 << 20), 10)));
        refusal(expansion(1).limit(bytes((1 << 20) + 1), 10));
    }

    @Test
    void readingEndsWithinOneBufferOfTheLimit() {
        long[] read = {0};
        InputStream source = bytes(Long.MAX_VALUE);
        InputStream counted = new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                int some = source.read(into, from, length);
                read[0] += some;
                return some;
            }
        };
        refusal(expansion(200).limit(counted, 100_000));
        assertTrue(read[0] <= 20_000_000 + BUFFER, () -> read[0] + " bytes read");
    }

    @Test
    void allFilesOfAPassCountTogetherAlsoUncompressedOnes() throws IOException {
        DecompressionGuard pass = new DecompressionGuard(new InputLimits(1000, 200), 400);
        assertEquals(300, readAll(pass.limit(bytes(300), 10)));
        assertEquals(300, readAll(pass.limit(bytes(300), 10)));
        assertEquals("takes the job beyond 1000 bytes of unpacked input", refusal(pass.limit(bytes(1), 10)));
        assertEquals(600, readAll(new DecompressionGuard(new InputLimits(1000, 200), 400).limit(bytes(600), 10)));
    }

    @Test
    void readsOfSingleBytesAreCounted() throws IOException {
        InputStream bounded = new DecompressionGuard(new InputLimits(2, 200), 0).limit(bytes(3), 10);
        assertEquals('x', bounded.read());
        assertEquals('x', bounded.read());
        assertThrows(InputLimitException.class, bounded::read);
    }

    /** A copy, as Spark sends it to a task. */
    private static DecompressionGuard copyForTask(DecompressionGuard pass) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(pass);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (DecompressionGuard) in.readObject();
        }
    }

    @Test
    void tasksInOneProcessCountTogether() throws Exception {
        DecompressionGuard pass = new DecompressionGuard(new InputLimits(1000, 200), 0);
        assertEquals(600, readAll(copyForTask(pass).limit(bytes(600), 10)));
        refusal(copyForTask(pass).limit(bytes(401), 10));
    }
}
