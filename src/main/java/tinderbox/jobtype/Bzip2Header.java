package tinderbox.jobtype;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import tinderbox.dataset.Dataset;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * Looks at how a bzip2 file begins. Hadoop's codec, which reads such files in blocks, takes one in which it
 * finds no block for an empty file; counting nothing and calling it a success would be wrong.
 *
 * @see <a href="https://en.wikipedia.org/wiki/Bzip2#File_format">the file format</a>
 */
public final class Bzip2Header {
    private static final int MAGIC = 4;

    /** Pi as binary-coded decimal digits begins a block, the square root of pi the end of the stream. */
    private static final List<byte[]> FOLLOWS = List.of(
            new byte[] {0x31, 0x41, 0x59, 0x26, 0x53, 0x59}, new byte[] {0x17, 0x72, 0x45, 0x38, 0x50, (byte) 0x90});

    private Bzip2Header() {}

    /**
     * Checks each file of {@code input} whose name ends in {@code .bz2}.
     *
     * @throws JobException {@link ErrorCode#INVALID_INPUT} with the file's name where one is no bzip2 file
     */
    public static void check(Dataset input) throws IOException {
        for (Dataset.File file : input.files()) {
            if (file.path().endsWith(".bz2") && file.bytes() > 0 && !isBzip2(file)) {
                throw new JobException(
                        ErrorCode.INVALID_INPUT,
                        "The file " + file.path() + " is not a bzip2 file",
                        "replace it, or rename it if it is not packed, and run the job again");
            }
        }
    }

    private static boolean isBzip2(Dataset.File file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file.location())) {
            head = in.readNBytes(MAGIC + 6);
        }
        byte[] block = Arrays.copyOfRange(head, Math.min(MAGIC, head.length), head.length);
        return head.length >= MAGIC
                && head[0] == 'B'
                && head[1] == 'Z'
                && head[2] == 'h'
                && FOLLOWS.stream().anyMatch(magic -> Arrays.equals(magic, block));
    }
}
