package tinderbox.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Resolves paths of datasets to files and folders inside their roots. */
final class DatasetResolver {
    private final Map<String, Path> roots;

    DatasetResolver(Map<String, Path> roots) {
        this.roots = roots;
    }

    /** Resolves a path; null if it does not exist, leads out of its root, or cannot be read. */
    ResolvedDataset resolve(DatasetPath name) {
        Path root = roots.get(name.root());
        if (root == null) {
            return null;
        }
        try {
            Path realRoot = root.toRealPath();
            return inside(realRoot, realRoot.resolve(String.join("/", name.segments())));
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }

    /**
     * Resolves what a folder with this path contains under this name, which need not be nameable if it is a file; null as
     * above.
     *
     * @param below the path below the root; not empty
     */
    ResolvedDataset resolve(String root, Path below) {
        List<String> names = new ArrayList<>();
        below.forEach(step -> names.add(step.toString()));
        if (!names.stream().allMatch(DatasetPath::isVisible)) {
            return null;
        }
        String last = names.remove(names.size() - 1);
        ResolvedDataset folder = resolve(new DatasetPath(root, names));
        ResolvedDataset found = folder == null || !folder.isFolder()
                ? null
                : child(folder, folder.real().resolve(below.getFileName()));
        return found == null || (found.isFolder() && !DatasetPath.isNameable(last)) ? null : found;
    }

    /** Resolves all links; null if that leads out of the root. This is the second of the three checks of a path. */
    private static ResolvedDataset inside(Path root, Path candidate) {
        try {
            Path real = candidate.toRealPath();
            if (!real.startsWith(root) || !isReachable(root, real)) {
                return null;
            }
            BasicFileAttributes there = Files.readAttributes(real, BasicFileAttributes.class);
            return there.isDirectory() || there.isRegularFile() ? new ResolvedDataset(root, real, there) : null;
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Resolves a child of a folder, as {@link #inside} does. The folder itself has already been checked from the root
     * down, so only a link needs the full check.
     */
    static ResolvedDataset child(ResolvedDataset folder, Path child) {
        try {
            BasicFileAttributes there =
                    Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (there.isSymbolicLink()) {
                return inside(folder.root(), child);
            }
            boolean usable = (there.isDirectory() || there.isRegularFile()) && Files.isReadable(child);
            return usable ? new ResolvedDataset(folder.root(), child, there) : null;
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
}
