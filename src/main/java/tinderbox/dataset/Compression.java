package tinderbox.dataset;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** How a file is compressed, judged by its extension, not its content. */
public enum Compression {
    /** Not compressed, or without a known extension: the file is read as it is. */
    NONE,
    /** {@code .gz}: any number of members, optionally followed by zeros. */
    GZIP,
    /** {@code .bz2}. */
    BZIP2,
    /** {@code .zst}. */
    ZSTD,
    /** Compressed in a format that is never decompressed here: a file of a few bytes could claim gigabytes of memory. */
    REFUSED;

    /** The extensions of {@link #REFUSED}: those that Hadoop would decompress, without the three above. */
    private static final List<String> REFUSED_ENDINGS = List.of(".deflate", ".lz4", ".passthrough", ".snappy");

    /** Why a {@link #REFUSED} file cannot be an input, as the end of a sentence. */
    public static final String REFUSAL =
            "is compressed in a format that is not supported; decompress it, or compress it as .gz, .bz2 or .zst";

    private static final int BUFFER = 1 << 18;

    /** The compression of a file with this name or path; case is ignored. */
    public static Compression of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".gz")) {
            return GZIP;
        }
        if (lower.endsWith(".bz2")) {
            return BZIP2;
        }
        if (lower.endsWith(".zst")) {
            return ZSTD;
        }
        return REFUSED_ENDINGS.stream().anyMatch(lower::endsWith) ? REFUSED : NONE;
    }

    /** Whether a file must be decompressed to be read. */
    public boolean isCompressed() {
        return this != NONE;
    }

    /**
     * The decompressed content of a file. Closing it closes the file.
     *
     * @param memoryTimeout how long to wait for memory that other files in decompression hold
     * @throws InputLimitException if decompressing takes more memory than is available for it
     */
    public InputStream decompress(InputStream file, Duration memoryTimeout) throws IOException {
        return switch (this) {
            case NONE -> file;
            case GZIP -> new GzipInputStream(file);
            // Hadoop's codec treats a file without a block as empty, and skips damaged blocks.
            case BZIP2 -> new BZip2CompressorInputStream(new BufferedInputStream(file, BUFFER), true);
            // Hadoop's codec needs a native library on the machine.
            case ZSTD -> new ZstdWindowInputStream(file, memoryTimeout);
            case REFUSED -> throw new IOException("it " + REFUSAL);
        };
    }
}
