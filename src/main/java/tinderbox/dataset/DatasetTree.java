package tinderbox.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The datasets as folders and files, by their addresses. Each look makes all checks of a path. */
public final class DatasetTree {
    private final Map<String, Path> roots;
    private final DatasetResolver resolver;

    /** The datasets in these roots, a folder by name. */
    public DatasetTree(Map<String, Path> roots) {
        this.roots = Map.copyOf(roots);
        this.resolver = new DatasetResolver(this.roots);
    }

    /**
     * What is at an address.
     *
     * @param path the address without its scheme: {@code /root/path}, encoded
     * @return empty if it does not exist, leads out of its root, or cannot be read
     */
    public Optional<ResolvedDataset> at(String path) {
        int end = path.indexOf('/', 1);
        String root = path.substring(1, end < 0 ? path.length() : end);
        String below = end < 0 ? "" : path.substring(end + 1);
        Path folder = roots.get(root);
        if (folder == null) {
            return Optional.empty();
        }
        try {
            Path named = DatasetAddress.decoded(folder, below);
            return Optional.ofNullable(
                    named.equals(folder)
                            ? resolver.resolve(new DatasetPath(root, List.of()))
                            : resolver.resolve(root, named.subpath(folder.getNameCount(), named.getNameCount())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The files that a job reads of a folder, by name. */
    public static SortedMap<Path, ResolvedDataset> filesIn(ResolvedDataset folder) throws IOException {
        SortedMap<Path, ResolvedDataset> files = new TreeMap<>();
        for (Path child : Datasets.children(folder.real())) {
            ResolvedDataset resolved = DatasetResolver.child(folder, child);
            if (Datasets.whyPassedOver(child.getFileName().toString(), resolved) == null) {
                files.put(child, resolved);
            }
        }
        return files;
    }
}
