package tinderbox.dataset;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The datasets as folders and files, by their addresses. Each look makes all checks of a path. */
public final class DatasetTree {
    private final Map<String, DatasetRoot> roots;

    /** The datasets in these roots, by name. */
    public DatasetTree(Map<String, DatasetRoot> roots) {
        this.roots = Map.copyOf(roots);
    }

    /**
     * What is at an address.
     *
     * @param path the address without its scheme: {@code /root/path}, encoded
     * @return empty if it does not exist, leads out of its root, or cannot be read
     */
    public Optional<ResolvedDataset> at(String path) {
        int end = path.indexOf('/', 1);
        DatasetRoot root = roots.get(rootOf(path));
        return Optional.ofNullable(root == null ? null : root.at(end < 0 ? "" : path.substring(end + 1)));
    }

    private static String rootOf(String path) {
        int end = path.indexOf('/', 1);
        return path.substring(1, end < 0 ? path.length() : end);
    }

    /** Why {@link #at} has found nothing. */
    public IOException missing(String path) {
        String address = DatasetAddress.SCHEME + "://" + path;
        IOException missing = new FileNotFoundException("The dataset " + address + " does not exist or cannot be read");
        return DriverConnection.onWorker()
                .filter(host -> roots.get(rootOf(path)) instanceof LocalRoot)
                .map(host -> (IOException) UnreadableOnWorkerException.notMounted(address, rootOf(path), host, missing))
                .orElse(missing);
    }

    /** The names of the roots that are folders in this process' file system. */
    public List<String> folders() {
        return roots.entrySet().stream()
                .filter(root -> root.getValue() instanceof LocalRoot)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Whether there is anything in the root of this name; false if it is no folder in this process' file system. */
    public boolean isFilled(String root) {
        return roots.get(root) instanceof LocalRoot local && local.isFilled();
    }

    /** The files that a job reads of a folder, by their {@linkplain ResolvedDataset.Child#encodedName encoded names}. */
    public static SortedMap<String, ResolvedDataset> filesIn(ResolvedDataset folder) throws IOException {
        SortedMap<String, ResolvedDataset> files = new TreeMap<>();
        try (Stream<ResolvedDataset.Child> children = folder.children()) {
            children.forEach(child -> {
                ResolvedDataset resolved = child.resolve();
                if (Datasets.whyPassedOver(child.name(), resolved) == null) {
                    files.put(child.encodedName(), resolved);
                }
            });
        }
        return files;
    }
}
