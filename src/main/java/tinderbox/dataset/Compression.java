package tinderbox.dataset;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** How a file is packed, by the ending of its name, not by its content. */
public enum Compression {
    /** Not packed, or in a way that is not known by its ending: its bytes are what it holds. */
    NONE,
    /** {@code .gz}: any number of members, and zeros after the last. */
    GZIP,
    /** {@code .bz2}. */
    BZIP2,
    /** {@code .zst}. */
    ZSTD,
    /** Packed, and never unpacked here: these formats let a file of a few bytes demand gigabytes of memory. */
    REFUSED;

    /** The endings that are {@link #REFUSED}: all that Hadoop would unpack, but for the three above. */
    private static final List<String> REFUSED_ENDINGS = List.of(".deflate", ".lz4", ".passthrough", ".snappy");

    /** Why a {@link #REFUSED} file is no input, as the end of a sentence about it. */
    static final String REFUSAL =
            "is packed in a format that is not read here; unpack it, or pack it as .gz, .bz2 or .zst";

    private static final int BUFFER = 1 << 18;

    /** How a file of this name, or at the end of this path, is packed; the case of letters does not count. */
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

    /** Whether a file must be unpacked to be read. */
    public boolean isPacked() {
        return this != NONE;
    }

    /**
     * The content of a file. Closing it closes the file.
     *
     * @param patience how long to wait where others use the memory that unpacking takes
     * @throws InputLimitException where unpacking takes more memory than there is for it
     */
    public InputStream unpacked(InputStream file, Duration patience) throws IOException {
        return switch (this) {
            case NONE -> file;
            case GZIP -> new GzipInputStream(file);
            // Hadoop's takes a file without a block for an empty one, and skips damaged blocks.
            case BZIP2 -> new BZip2CompressorInputStream(new BufferedInputStream(file, BUFFER), true);
            // Hadoop's needs a library of its own on the machine.
            case ZSTD -> new ZstdWindowInputStream(file, patience);
            case REFUSED -> throw new IOException("it " + REFUSAL);
        };
    }
}
