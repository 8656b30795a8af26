package tinderbox.dataset;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The decompressed content of a zstd file. Its window, which {@code zstd --long} makes large, is outside the heap. The
 * windows of all open files together may take as much as half of the heap, so a server with little memory refuses files
 * that a larger one can read.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1">RFC 8878, frames</a>
 */
final class ZstdWindowInputStream extends InputStream {
    /** The maximum window that {@code zstd} itself accepts by default, 128 MiB, as a power of two. */
    private static final int DEFAULT_LOG = 27;

    private static final int MAX_LOG = 31;
    private static final long MIB = 1 << 20;
    /** The RFC asks every decoder to support windows of this size; up to it they are not counted. In bytes. */
    private static final long UNCOUNTED_BYTES = 8 * MIB;

    private static final int MAX_HEADER = 18;
    private static final long MAGIC = 0xFD2FB528L;
    private static final long SKIPPABLE = 0x184D2A50L;

    /** The limit of all windows together, in MiB. One of the default size always fits. */
    static final int BOUND = (int) Math.max(
            1L << (DEFAULT_LOG - 20),
            Math.min(1L << (MAX_LOG - 20), Runtime.getRuntime().maxMemory() / 2 / MIB));

    private static final Semaphore FREE = new Semaphore(BOUND, true);

    private final InputStream unpacked;
    private int held;

    ZstdWindowInputStream(InputStream file, Duration memoryTimeout) throws IOException {
        BufferedInputStream packed = new BufferedInputStream(file);
        long window = window(packed);
        reserve(window, memoryTimeout);
        try {
            int log = Math.max(DEFAULT_LOG, Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, window) - 1));
            this.unpacked = new ZstdInputStreamNoFinalizer(packed).setLongMax(log);
        } catch (IOException | RuntimeException | Error e) {
            FREE.release(held);
            throw e;
        }
    }

    private void reserve(long window, Duration memoryTimeout) throws IOException {
        if (window <= UNCOUNTED_BYTES) {
            // Without queueing: it would wait behind larger ones.
            return;
        }
        long wanted = (window + MIB - 1) / MIB;
        if (wanted > BOUND) {
            throw tooLarge("needs a window of " + wanted + " MiB to be decompressed, and this server has " + BOUND
                    + " MiB for that");
        }
        try {
            if (!FREE.tryAcquire((int) wanted, memoryTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InputLimitException(
                        "needs a window of " + wanted + " MiB to be decompressed, and other files use that memory now",
                        "try again later");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the reader was asked to stop");
        }
        held = (int) wanted;
    }

    private static InputLimitException tooLarge(String what) {
        return new InputLimitException(
                what,
                "compress it again with zstd --long=" + DEFAULT_LOG
                        + " or without --long, decompress it, or give the server more memory with JAVA_OPTS=-Xmx…");
    }

    /** The window size of the first frame, in bytes; 0 if there is no frame. Consumes skippable frames before it. */
    private static long window(BufferedInputStream in) throws IOException {
        while (true) {
            in.mark(MAX_HEADER);
            byte[] head = in.readNBytes(MAX_HEADER);
            in.reset();
            long magic = head.length < 8 ? 0 : little(head, 0, 4);
            if ((magic & ~0xFL) == SKIPPABLE) {
                in.skipNBytes(8 + little(head, 4, 4));
            } else {
                // Padding a short header with zeros does not change the result.
                return head.length < 6 || little(head, 0, 4) != MAGIC ? 0 : window(Arrays.copyOf(head, MAX_HEADER));
            }
        }
    }

    /** The window size, in bytes, that a frame header declares. */
    private static long window(byte[] head) {
        int descriptor = head[4];
        int sizeFlag = (descriptor >> 6) & 3;
        boolean single = (descriptor & 0x20) != 0;
        int at = 5 + (single ? 0 : 1) + ((1 << (descriptor & 3)) >> 1);
        long content = switch (sizeFlag) {
            case 0 -> single ? head[at] & 0xFF : Long.MAX_VALUE;
            case 1 -> little(head, at, 2) + 256;
            case 2 -> little(head, at, 4);
            default -> little(head, at, 8);
        };
        if (single) {
            return content < 0 ? Long.MAX_VALUE : content;
        }
        long base = 1L << (10 + ((head[5] & 0xFF) >> 3));
        return base + base / 8 * (head[5] & 7);
    }

    /** An unsigned little-endian number. */
    private static long little(byte[] bytes, int at, int length) {
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = (value << 8) | (bytes[at + i] & 0xFF);
        }
        return value;
    }

    @Override
    public int read() throws IOException {
        try {
            return unpacked.read();
        } catch (ZstdIOException e) {
            throw explained(e);
        }
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        try {
            return unpacked.read(into, from, length);
        } catch (ZstdIOException e) {
            throw explained(e);
        }
    }

    /** A later frame may need a larger window than the first, from which the memory was reserved. */
    private static IOException explained(ZstdIOException e) {
        return e.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()
                ? tooLarge("has a later frame that needs a larger window than its first one, and than "
                        + (1 << (DEFAULT_LOG - 20)) + " MiB")
                : e;
    }

    @Override
    public void close() throws IOException {
        try {
            unpacked.close();
        } finally {
            FREE.release(held);
            held = 0;
        }
    }
}
