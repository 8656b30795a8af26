package tinderbox.dataset;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A folder of this machine as a root. */
public final class LocalRoot implements DatasetRoot {
    private final String name;
    private final Path folder;
    private final LocalFiles files;

    /**
     * The root of this name.
     *
     * @param shared whether the workers of a cluster see the same folder at this path
     */
    public LocalRoot(String name, Path folder, boolean shared) {
        this.name = name;
        this.folder = folder;
        this.files = shared ? LocalFiles.SHARED : LocalFiles.ON_DRIVER_ONLY;
    }

    /** Its folder, as configured: it may be reached through links. */
    public Path folder() {
        return folder;
    }

    /** Whether there is anything in its folder. */
    boolean isFilled() {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            return entries.iterator().hasNext();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public URI location() {
        return folder.toUri();
    }

    @Override
    public boolean isOnDriverOnly() {
        return files == LocalFiles.ON_DRIVER_ONLY;
    }

    @Override
    public LocalDataset resolve(List<String> names) {
        try {
            Path realRoot = folder.toRealPath();
            return inside(realRoot, realRoot.resolve(String.join("/", names)));
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }

    @Override
    public LocalDataset at(String below) {
        Path named;
        try {
            named = DatasetAddress.decoded(folder, below);
        } catch (IllegalArgumentException e) {
            return null;
        }
        return named.equals(folder)
                ? resolve(List.of())
                : resolveInFolder(named.subpath(folder.getNameCount(), named.getNameCount()));
    }

    /** Resolves what a folder with this path contains under this name, which need not be nameable if it is a file. */
    private LocalDataset resolveInFolder(Path below) {
        List<String> names = new ArrayList<>();
        below.forEach(step -> names.add(step.toString()));
        if (!names.stream().allMatch(DatasetPath::isVisible)) {
            return null;
        }
        String last = names.remove(names.size() - 1);
        LocalDataset parent = resolve(names);
        LocalDataset found = parent == null || !parent.isFolder()
                ? null
                : child(parent, parent.real().resolve(below.getFileName()));
        return found == null || (found.isFolder() && !DatasetPath.isNameable(last)) ? null : found;
    }

    /** Resolves all links; null if that leads out of the root. This is the second of the three checks of a path. */
    private LocalDataset inside(Path root, Path candidate) {
        try {
            Path real = candidate.toRealPath();
            if (!real.startsWith(root) || !isReachable(root, real)) {
                return null;
            }
            BasicFileAttributes there = Files.readAttributes(real, BasicFileAttributes.class);
            return there.isDirectory() || there.isRegularFile() ? new LocalDataset(this, root, real, there) : null;
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Resolves a child of a folder, as {@link #inside} does. The folder itself has already been checked from the root
     * down, so only a link needs the full check.
     */
    LocalDataset child(LocalDataset parent, Path child) {
        try {
            BasicFileAttributes there =
                    Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (there.isSymbolicLink()) {
                return inside(parent.realRoot(), child);
            }
            boolean usable = (there.isDirectory() || there.isRegularFile()) && Files.isReadable(child);
            return usable ? new LocalDataset(this, parent.realRoot(), child, there) : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether everything from the root down can be named and read: a link must not lead into a hidden folder. */
    private static boolean isReachable(Path root, Path real) {
        for (Path at = real; !at.equals(root); at = at.getParent()) {
            if (!DatasetPath.isNameable(at.getFileName().toString()) || !Files.isReadable(at)) {
                return false;
            }
        }
        return Files.isReadable(root);
    }

    /** A file of a dataset of this root. */
    Dataset.File file(String path, Path realRoot, Path real, BasicFileAttributes there) {
        return new Dataset.File(
                path,
                realRoot.toUri(),
                real.toUri(),
                there.size(),
                there.lastModifiedTime().toInstant(),
                Objects.toString(there.fileKey(), ""),
                files);
    }

    @Override
    public String toString() {
        return name;
    }
}
