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
 * The content of a zstd file. Its window, which {@code --long} makes large, lies outside the heap; all that are open in
 * this process share a bound of half the heap, so that a server with little memory refuses what one with more can read.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1">RFC 8878, frames</a>
 */
final class ZstdWindowInputStream extends InputStream {
    /** What {@code zstd} itself unpacks by default: 128 MiB. */
    private static final int USUAL_LOG = 27;

    private static final int MOST_LOG = 31;
    private static final long MIB = 1 << 20;
    /** The RFC asks every decoder to support this much; windows up to it are not counted. In bytes. */
    private static final long SMALL = 8 * MIB;

    private static final int MOST_HEADER = 18;
    private static final long MAGIC = 0xFD2FB528L;
    private static final long SKIPPABLE = 0x184D2A50L;

    /** For all windows together, in MiB; the usual one always fits. */
    static final int BOUND = (int) Math.max(
            1L << (USUAL_LOG - 20),
            Math.min(1L << (MOST_LOG - 20), Runtime.getRuntime().maxMemory() / 2 / MIB));

    private static final Semaphore FREE = new Semaphore(BOUND, true);

    private final InputStream unpacked;
    private int held;

    ZstdWindowInputStream(InputStream file, Duration patience) throws IOException {
        BufferedInputStream packed = new BufferedInputStream(file);
        long window = window(packed);
        hold(window, patience);
        try {
            int log = Math.max(USUAL_LOG, Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, window) - 1));
            this.unpacked = new ZstdInputStreamNoFinalizer(packed).setLongMax(log);
        } catch (IOException | RuntimeException | Error e) {
            FREE.release(held);
            throw e;
        }
    }

    private void hold(long window, Duration patience) throws IOException {
        if (window <= SMALL) {
            // Without queueing: it would wait behind larger ones.
            return;
        }
        long wanted = (window + MIB - 1) / MIB;
        if (wanted > BOUND) {
            throw tooLarge("takes a window of " + wanted + " MiB to be unpacked, and this server has " + BOUND
                    + " MiB for that");
        }
        try {
            if (!FREE.tryAcquire((int) wanted, patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InputLimitException(
                        "takes a window of " + wanted + " MiB to be unpacked, and others use that memory now",
                        "try it again later");
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
                "pack it again with zstd --long=" + USUAL_LOG
                        + " or without --long, unpack it, or give the server more memory with JAVA_OPTS=-Xmx…");
    }

    /** How large the window of the first frame is, in bytes; 0 where there is none. Reads past what can be skipped. */
    private static long window(BufferedInputStream in) throws IOException {
        while (true) {
            in.mark(MOST_HEADER);
            byte[] head = in.readNBytes(MOST_HEADER);
            in.reset();
            long magic = head.length < 8 ? 0 : little(head, 0, 4);
            if ((magic & ~0xFL) == SKIPPABLE) {
                in.skipNBytes(8 + little(head, 4, 4));
            } else {
                // A short header is followed by zeros here, which change nothing.
                return head.length < 6 || little(head, 0, 4) != MAGIC ? 0 : window(Arrays.copyOf(head, MOST_HEADER));
            }
        }
    }

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

    /** A frame that is not the first one can take more than that one did. */
    private static IOException explained(ZstdIOException e) {
        return e.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()
                ? tooLarge("has a later frame that takes a larger window than its first one, and than "
                        + (1 << (USUAL_LOG - 20)) + " MiB")
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
