package tinderbox.dataset;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * The datasets of this server: what lies in the roots that the operator named. The answer to a name that leads
 * out of its root is the same as to one that leads nowhere.
 */
public final class Datasets {
    private static final int PREVIEW_LINES = 20;
    private static final int PREVIEW_LINE_CHARS = 500;
    private static final String MISSING = "does not exist or cannot be read; GET /api/v1/datasets lists what there is";

    private final Map<String, Path> roots;
    private final InputLimits limits;

    /** Allows reads from these folders, by the name of the root, and inputs within these limits. */
    public Datasets(Map<String, Path> roots, InputLimits limits) {
        this.roots = Collections.unmodifiableMap(new LinkedHashMap<>(roots));
        this.limits = limits;
    }

    /** How much a job may read. */
    public InputLimits limits() {
        return limits;
    }

    /** Why {@code path} cannot be the input of a job, or null where it can. */
    public String problemWith(String path) {
        if (DatasetPath.parse(path).isEmpty()) {
            return DatasetPath.SHAPE;
        }
        try {
            Dataset dataset = find(path);
            if (dataset.files().isEmpty()) {
                return "is a folder without a file that can be read";
            }
            return dataset.bytes() > limits.maxBytes() ? limits.tooLarge(dataset.bytes()) : null;
        } catch (JobException e) {
            return MISSING;
        }
    }

    /**
     * Finds what to read for an input: a file, or the direct files of a folder.
     *
     * @throws JobException {@link ErrorCode#INPUT_NOT_FOUND} where it is not there, not readable or not inside
     *     its root, {@link ErrorCode#LIMIT_EXCEEDED} where it is larger than a job may read
     */
    public Dataset open(String path) {
        Dataset dataset = find(path);
        limits.check(path, dataset.bytes());
        return dataset;
    }

    private Dataset find(String path) {
        DatasetPath name = DatasetPath.parse(path).orElseThrow(() -> inputNotFound(path));
        Place place = locate(name);
        if (place == null) {
            throw inputNotFound(path);
        }
        try {
            return Files.isDirectory(place.real())
                    ? folder(name, place)
                    : new Dataset(name.toString(), List.of(place.file(name.toString())), List.of());
        } catch (IOException | UncheckedIOException e) {
            // Gone or changed between the looks.
            throw inputNotFound(path);
        }
    }

    /** Whether a job with this input reads the file of that name: named itself, or directly in a folder that is. */
    public static boolean covers(String input, String file) {
        return DatasetPath.parse(input)
                .map(DatasetPath::toString)
                .filter(name -> name.equals(file) || name.equals(file.substring(0, file.lastIndexOf('/'))))
                .isPresent();
    }

    private static Dataset folder(DatasetPath name, Place folder) throws IOException {
        List<Dataset.File> files = new ArrayList<>();
        List<String> passedOver = new ArrayList<>();
        for (Path child : children(folder.real())) {
            String childName = child.getFileName().toString();
            Place place = DatasetPath.isNameable(childName) ? inside(folder.root(), child) : null;
            if (place == null || !Files.isRegularFile(place.real())) {
                passedOver.add(childName);
            } else {
                files.add(place.file(name.child(childName)));
            }
        }
        return new Dataset(name.toString(), files, passedOver);
    }

    /**
     * Lists a folder; what could not be an input is left out.
     *
     * @param path the folder's name; empty for the list of roots
     * @throws JobException {@link ErrorCode#DATASET_NOT_FOUND} where there is no such folder
     */
    public DatasetFolder list(String path) {
        if (path.isEmpty()) {
            return new DatasetFolder(
                    "", entries(roots.keySet().stream().map(root -> new DatasetPath(root, List.of()))));
        }
        DatasetPath name = DatasetPath.parse(path).orElseThrow(() -> datasetNotFound(path));
        Place place = locate(name);
        if (place == null) {
            throw datasetNotFound(path);
        }
        if (!Files.isDirectory(place.real())) {
            throw new JobException(
                    ErrorCode.DATASET_NOT_FOUND, name + " is a file, not a folder", "its preview shows how it begins");
        }
        try {
            Stream<DatasetPath> names = children(place.real()).stream()
                    .map(child -> child.getFileName().toString())
                    .filter(DatasetPath::isNameable)
                    .map(child -> DatasetPath.parse(name.child(child)).orElseThrow());
            return new DatasetFolder(name.toString(), entries(names));
        } catch (IOException | UncheckedIOException e) {
            throw datasetNotFound(path);
        }
    }

    private List<DatasetEntry> entries(Stream<DatasetPath> names) {
        return names.flatMap(name -> entry(name).stream())
                .sorted(Comparator.comparing((DatasetEntry entry) -> !entry.folder())
                        .thenComparing(DatasetEntry::name))
                .toList();
    }

    /** The entry of one name, or none where it leads out of its root or is gone meanwhile. */
    private List<DatasetEntry> entry(DatasetPath name) {
        Place place = locate(name);
        if (place == null) {
            return List.of();
        }
        try {
            boolean folder = Files.isDirectory(place.real());
            return List.of(new DatasetEntry(
                    name.segments().isEmpty()
                            ? name.root()
                            : name.segments().get(name.segments().size() - 1),
                    name.toString(),
                    folder,
                    folder ? null : Files.size(place.real()),
                    Files.getLastModifiedTime(place.real()).toInstant(),
                    isWritable(name, folder)));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Only the root of uploads takes files, and only files directly in it can be replaced and deleted. */
    private static boolean isWritable(DatasetPath name, boolean folder) {
        return name.root().equals(Uploads.ROOT) && name.segments().size() == (folder ? 0 : 1);
    }

    /**
     * The first lines of a file, unpacked where it is packed.
     *
     * @throws JobException {@link ErrorCode#DATASET_NOT_FOUND} where there is no such file, {@link
     *     ErrorCode#INVALID_INPUT} where it cannot be unpacked
     */
    public DatasetPreview preview(String path) {
        DatasetPath name = DatasetPath.parse(path).orElseThrow(() -> datasetNotFound(path));
        Place place = locate(name);
        if (place == null) {
            throw datasetNotFound(path);
        }
        if (!Files.isRegularFile(place.real())) {
            throw new JobException(
                    ErrorCode.DATASET_NOT_FOUND, name + " is a folder, not a file", "list it to see what is in it");
        }
        try (InputStream raw = Channels.newInputStream(NoLinks.open(place.root(), place.real()));
                InputStream unpacked = unpacked(place.real(), raw)) {
            return preview(name, new BufferedReader(new InputStreamReader(unpacked, StandardCharsets.UTF_8)));
        } catch (NoSuchFileException | ReplacedFileException e) {
            throw datasetNotFound(path);
        } catch (IOException | RuntimeException e) {
            // Hadoop's codecs throw RuntimeExceptions where a format needs a library that is not there.
            throw new JobException(
                    ErrorCode.INVALID_INPUT,
                    "The file " + name + " cannot be unpacked for a preview",
                    "it may be damaged, or packed in a format that has no preview",
                    e);
        }
    }

    private static InputStream unpacked(Path location, InputStream raw) throws IOException {
        CompressionCodec codec = new CompressionCodecFactory(new Configuration(false))
                .getCodec(new org.apache.hadoop.fs.Path(location.toUri()));
        return codec == null ? raw : codec.createInputStream(raw);
    }

    private static DatasetPreview preview(DatasetPath name, BufferedReader reader) throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        long budget = 1L << 24;
        int c = reader.read();
        while (c >= 0 && lines.size() < PREVIEW_LINES && budget-- > 0) {
            if (c == '\n') {
                lines.add(line.toString());
                line.setLength(0);
            } else if (line.length() < PREVIEW_LINE_CHARS && c != '\r') {
                line.append((char) c);
            }
            c = reader.read();
        }
        if (!line.isEmpty()) {
            lines.add(line.toString());
        }
        return new DatasetPreview(name.toString(), lines, c >= 0);
    }

    /**
     * What a name leads to.
     *
     * @param root the folder of its root, all links followed
     * @param real where it is, in the root or the root itself, all links followed
     */
    private record Place(Path root, Path real) {
        Dataset.File file(String name) throws IOException {
            return new Dataset.File(name, root, real, Files.size(real));
        }
    }

    /** Where a name leads, or null where it leads nowhere, out of its root, or to what cannot be read. */
    private Place locate(DatasetPath name) {
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

    /** Follows all links, and answers null where that leads out of the root; the second part of the guard. */
    private static Place inside(Path root, Path candidate) {
        try {
            Path real = candidate.toRealPath();
            boolean usable = real.startsWith(root)
                    && isReachable(root, real)
                    && (Files.isDirectory(real) || Files.isRegularFile(real));
            return usable ? new Place(root, real) : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether all from the root down can be named and read: a link must not lead to what has no name of its own. */
    private static boolean isReachable(Path root, Path real) {
        for (Path at = real; !at.equals(root); at = at.getParent()) {
            if (!DatasetPath.isNameable(at.getFileName().toString()) || !Files.isReadable(at)) {
                return false;
            }
        }
        return Files.isReadable(root);
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        }
    }

    private static JobException inputNotFound(String path) {
        return new JobException(
                ErrorCode.INPUT_NOT_FOUND, "The input " + path + " does not exist or cannot be read", "was it moved?");
    }

    private static JobException datasetNotFound(String path) {
        return new JobException(
                ErrorCode.DATASET_NOT_FOUND,
                "There is no dataset " + path + ", or it cannot be read",
                "GET /api/v1/datasets lists what there is");
    }
}
