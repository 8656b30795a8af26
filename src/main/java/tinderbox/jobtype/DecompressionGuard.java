package tinderbox.jobtype;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import tinderbox.dataset.InputLimitException;
import tinderbox.dataset.InputLimits;

/**
 * Bounds what one pass over an input unpacks. It goes with the pass to its tasks, and those in the same process count
 * together: on one machine all of them, on a cluster those of each executor. A task that runs again counts again.
 */
public final class DecompressionGuard implements Serializable {
    private static final long serialVersionUID = 1;

    /** So much a packed file may hold whatever its size: a small one of blanks is no bomb. In bytes. */
    static final long ALWAYS = 1 << 20;

    /** More passes than run at the same time, so that none of those is forgotten. */
    private static final int PASSES = 4096;

    /** What each pass has unpacked here, the one that was begun or joined last at the end. */
    private static final Map<UUID, AtomicLong> UNPACKED = new LinkedHashMap<>(16, 0.75f, true);

    private final UUID pass = UUID.randomUUID();
    private final InputLimits limits;
    private final long plainBytes;

    /**
     * A pass that begins.
     *
     * @param plainBytes the size of what need not be unpacked; it counts towards the limit as well
     */
    public DecompressionGuard(InputLimits limits, long plainBytes) {
        this.limits = limits;
        this.plainBytes = plainBytes;
    }

    /**
     * The content of a packed file, of which no more can be read than is allowed: then a read throws an {@link
     * InputLimitException}. What one read answers is the most by which a limit is passed.
     *
     * @param unpacked is closed with it
     * @param packedBytes the size of the packed file
     */
    public InputStream bounded(InputStream unpacked, long packedBytes) {
        return new Bounded(unpacked, packedBytes, unpacked(pass));
    }

    private static AtomicLong unpacked(UUID pass) {
        synchronized (UNPACKED) {
            AtomicLong unpacked = UNPACKED.computeIfAbsent(pass, begun -> new AtomicLong());
            if (UNPACKED.size() > PASSES) {
                UNPACKED.remove(UNPACKED.keySet().iterator().next());
            }
            return unpacked;
        }
    }

    private final class Bounded extends InputStream {
        private final InputStream unpacked;
        private final long packedBytes;
        private final AtomicLong all;
        private long bytes;

        private Bounded(InputStream unpacked, long packedBytes, AtomicLong all) {
            this.unpacked = unpacked;
            this.packedBytes = packedBytes;
            this.all = all;
        }

        @Override
        public int read() throws IOException {
            int read = unpacked.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int read = unpacked.read(into, from, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int read) throws InputLimitException {
            bytes += read;
            // Divided, since a product might not fit.
            if (bytes > ALWAYS && (bytes - 1) / limits.maxExpansion() >= packedBytes) {
                throw new InputLimitException(
                        "unpacks to more than " + limits.maxExpansion() + " times its size",
                        InputLimits.MORE_EXPANSION);
            }
            if (all.addAndGet(read) > limits.maxBytes() - plainBytes) {
                throw new InputLimitException(
                        "takes the job beyond " + limits.maxBytes() + " bytes of unpacked input",
                        InputLimits.MORE_BYTES);
            }
        }

        @Override
        public void close() throws IOException {
            unpacked.close();
        }
    }
}
