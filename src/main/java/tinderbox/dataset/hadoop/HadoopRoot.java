package tinderbox.dataset.hadoop;

import java.io.FileNotFoundException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.security.AccessControlException;
import tinderbox.dataset.DatasetAddress;
import tinderbox.dataset.DatasetRoot;
import tinderbox.dataset.ResolvedDataset;

/** A folder of an HDFS as a root. Links are not followed. */
public final class HadoopRoot implements DatasetRoot {
    private final URI location;
    private final HadoopFiles files;
    private final NamenodeCalls calls;

    /**
     * The root of this name.
     *
     * @param location such as {@code hdfs://namenode:8020/lab/}
     */
    public HadoopRoot(String name, URI location) {
        this.location = location;
        this.files = new HadoopFiles(location);
        this.calls = new NamenodeCalls(name);
    }

    @Override
    public URI location() {
        return location;
    }

    @Override
    public boolean isOnDriverOnly() {
        return false;
    }

    @Override
    public ResolvedDataset resolve(List<String> names) {
        Path path = path(names);
        return calls.ask(() -> {
            try {
                FileSystem system = files.system();
                FileStatus found = system.getFileStatus(path);
                system.access(path, found.isDirectory() ? FsAction.READ_EXECUTE : FsAction.READ);
                return dataset(found);
            } catch (FileNotFoundException | AccessControlException | IllegalArgumentException e) {
                // The last if no file there can have this name, such as one with a colon.
                return null;
            }
        });
    }

    @Override
    public ResolvedDataset at(String below) {
        if (below.isEmpty()) {
            return resolve(List.of());
        }
        List<String> names;
        try {
            names = List.of(decoded(below).split("/", -1));
        } catch (CharacterCodingException e) {
            return null;
        }
        int last = names.size() - 1;
        if (!names.subList(0, last).stream().allMatch(DatasetAddress::isNameable)
                || !DatasetAddress.isVisible(names.get(last))) {
            return null;
        }
        ResolvedDataset found = resolve(names);
        return found == null || (found.isFolder() && !DatasetAddress.isNameable(names.get(last))) ? null : found;
    }

    /** Null for what is neither a file nor a folder. */
    ResolvedDataset dataset(FileStatus found) {
        return found.isFile() || found.isDirectory() ? new HadoopDataset(location, found, files, calls) : null;
    }

    private Path path(List<String> names) {
        List<String> all = new ArrayList<>();
        all.add(location.getPath());
        all.addAll(names);
        return new Path(location.getScheme(), location.getAuthority(), String.join("/", all));
    }

    private static String decoded(String below) throws CharacterCodingException {
        byte[] bytes = below.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low < 0) {
                out.put(bytes[i]);
            } else {
                out.put((byte) (high << 4 | low));
                i += 2;
            }
        }
        return StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString();
    }
}
