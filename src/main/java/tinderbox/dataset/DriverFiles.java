package tinderbox.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.HashMap;
import java.util.Map;

/**
 * The server's half of a {@link DriverConnection}: reads the files of the roots that only the server sees. Nothing stays open
 * between two pieces, so an executor that dies leaves nothing behind, and each piece passes all checks of a path.
 */
public final class DriverFiles {
    /** How much an executor gets at once, in bytes. */
    public static final int PIECE = 1 << 20;

    private final DatasetTree datasets;
    private final DatasetTree all;

    /** Reads those of these roots that only the server sees. */
    public DriverFiles(Map<String, DatasetRoot> roots) {
        Map<String, DatasetRoot> own = new HashMap<>(roots);
        own.values().removeIf(root -> !root.isOnDriverOnly());
        this.datasets = new DatasetTree(own);
        this.all = new DatasetTree(roots);
    }

    /** Whether the server sees something in the root of this name, also in one that workers should see. */
    public boolean isFilled(String root) {
        return all.folders().contains(root) && RootProbe.holds(root, () -> all.isFilled(root));
    }

    /** As {@link DriverConnection#look}. */
    public DriverFile look(String address) {
        ResolvedDataset found = resolve(address);
        return found == null ? null : DriverFile.of(found);
    }

    /** As {@link DriverConnection#read}. */
    public byte[] read(String address, DriverFile expected, long from) throws IOException {
        ResolvedDataset found = resolve(address);
        if (found == null || found.isFolder() || !DriverFile.of(found).equals(expected)) {
            throw new FileReplacedException(address);
        }
        try (SeekableByteChannel file = found.open()) {
            ByteBuffer piece = ByteBuffer.allocate((int) Math.max(0, Math.min(PIECE, expected.bytes() - from)));
            file.position(from);
            int read = 0;
            while (piece.hasRemaining() && read >= 0) {
                read = file.read(piece);
            }
            if (piece.hasRemaining()) {
                throw new FileReplacedException(address);
            }
            return piece.array();
        }
    }

    private ResolvedDataset resolve(String address) {
        String prefix = DatasetAddress.SCHEME + "://";
        return address.startsWith(prefix + "/")
                ? datasets.at(address.substring(prefix.length())).orElse(null)
                : null;
    }
}
