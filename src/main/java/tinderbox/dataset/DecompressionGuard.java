package tinderbox.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits how much one pass over an input decompresses. It is sent to the tasks of the pass, and all of them count together:
 * executors of a cluster report to the server what they decompress. A retried task counts again.
 */
public final class DecompressionGuard implements Serializable {
    private static final long serialVersionUID = 1;

    /** Any compressed file may decompress to this many bytes: a small file of blanks is not a bomb. */
    static final long ALWAYS_ALLOWED = 1 << 20;

    /** How much an executor decompresses before it reports that: the limit can be exceeded by this for each open file. */
    static final long REPORT_BYTES = 4 << 20;

    /** More than can run at the same time, so a pass in progress is never evicted. */
    private static final int MAX_PASSES = 4096;

    /** How many bytes each pass has decompressed in this process, least recently used first. */
    private static final Map<UUID, AtomicLong> DECOMPRESSED = new LinkedHashMap<>(16, 0.75f, true);

    private final UUID pass;
    private final InputLimits limits;
    private final long plainBytes;

    /**
     * Starts a pass.
     *
     * @param plainBytes the size of the files that are not compressed; they count towards the limit too
     */
    public DecompressionGuard(InputLimits limits, long plainBytes) {
        this(limits, plainBytes, UUID.randomUUID());
    }

    private DecompressionGuard(InputLimits limits, long plainBytes, UUID pass) {
        this.limits = limits;
        this.plainBytes = plainBytes;
        this.pass = pass;
    }

    /** Starts a pass over the files of this input. */
    public static DecompressionGuard of(Dataset input, InputLimits limits) {
        return new DecompressionGuard(
                limits,
                input.files().stream()
                        .filter(file -> !file.compression().isCompressed())
                        .mapToLong(Dataset.File::bytes)
                        .sum());
    }

    /** Joins or starts the pass of this name. The sizes of files that are not compressed do not count towards its limit. */
    public static DecompressionGuard ofPass(String name, InputLimits limits) {
        return new DecompressionGuard(limits, 0, UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Wraps the content of a compressed file so that a read that exceeds a limit throws an {@link InputLimitException}.
     * A limit is exceeded by at most one read.
     *
     * @param content closed with the returned stream
     * @param compressedBytes the size of the compressed file
     */
    public InputStream limit(InputStream content, long compressedBytes) {
        DriverConnection driver = DriverConnection.Installed.connection();
        return driver == null
                ? new LimitedStream(content, compressedBytes)
                : new ReportingStream(content, compressedBytes, driver);
    }

    /** Adds what an executor has decompressed in a pass, and returns the sum of all executors; in the server. */
    public static long addUnpacked(UUID pass, long bytes) {
        return decompressed(pass).addAndGet(bytes);
    }

    private static AtomicLong decompressed(UUID pass) {
        synchronized (DECOMPRESSED) {
            AtomicLong bytes = DECOMPRESSED.computeIfAbsent(pass, id -> new AtomicLong());
            if (DECOMPRESSED.size() > MAX_PASSES) {
                DECOMPRESSED.remove(DECOMPRESSED.keySet().iterator().next());
            }
            return bytes;
        }
    }

    /** Counts with the other tasks of this process. */
    private class LimitedStream extends CountingInputStream {
        private final long compressedBytes;
        private final AtomicLong passBytes = decompressed(pass);
        private long bytes;

        private LimitedStream(InputStream content, long compressedBytes) {
            super(content);
            this.compressedBytes = compressedBytes;
        }

        @Override
        protected void count(int read) throws IOException {
            bytes += read;
            // Dividing instead of multiplying, which could overflow.
            if (bytes > ALWAYS_ALLOWED && (bytes - 1) / limits.maxExpansion() >= compressedBytes) {
                throw new InputLimitException(
                        "unpacks to more than " + limits.maxExpansion() + " times its size",
                        InputLimits.MORE_EXPANSION);
            }
            checkPass(passBytes.addAndGet(read));
        }

        final void checkPass(long unpacked) throws InputLimitException {
            if (unpacked > limits.maxBytes() - plainBytes) {
                throw new InputLimitException(
                        "takes the job beyond " + limits.maxBytes() + " bytes of unpacked input",
                        InputLimits.MORE_BYTES);
            }
        }
    }

    /** Counts with the tasks of all executors too. */
    private final class ReportingStream extends LimitedStream {
        private final DriverConnection driver;
        private long unreported;

        private ReportingStream(InputStream content, long compressedBytes, DriverConnection driver) {
            super(content, compressedBytes);
            this.driver = driver;
        }

        @Override
        protected void count(int read) throws IOException {
            super.count(read);
            unreported += read;
            if (unreported >= REPORT_BYTES || (read == 0 && unreported > 0)) {
                checkPass(report());
            }
        }

        private long report() throws IOException {
            long bytes = unreported;
            unreported = 0;
            return driver.unpacked(pass, bytes);
        }

        @Override
        public void close() throws IOException {
            try {
                if (unreported > 0) {
                    report();
                }
            } finally {
                super.close();
            }
        }
    }
}
