package tinderbox.dataset;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import tinderbox.common.LongRead;
import tinderbox.common.ResourceShortage;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * The datasets of this server: what lies in the roots that the operator named. The answer to a name that leads
 * out of its root is the same as to one that leads nowhere.
 */
public final class Datasets {
    /** How long a request that sends a job looks at the files of a folder. */
    private static final Duration LOOK_FOR = Duration.ofMillis(100);
    /** It looks at the time after so many files. */
    private static final int LOOK_EVERY = 1000;

    private static final String NO_FILE = "is a folder without a file that can be read";
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

    /**
     * Why {@code path} cannot be the input of a job; null if it can, as far as a short look tells. Of a folder with very
     * many files {@link #open} sees the rest.
     */
    public String problemWith(String path) {
        DatasetPath name = DatasetPath.parse(path).orElse(null);
        if (name == null) {
            return DatasetPath.SHAPE;
        }
        Place place = locate(name);
        if (place == null) {
            return MISSING;
        }
        try {
            if (place.isFolder()) {
                return problemWith(place);
            }
            return place.compression() == Compression.REFUSED ? Compression.REFUSAL : problemWithSize(place.bytes());
        } catch (IOException | UncheckedIOException | DirectoryIteratorException e) {
            checkShortage(e);
            return MISSING;
        }
    }

    private String problemWith(Place folder) throws IOException {
        LongRead look = LongRead.within(LOOK_FOR);
        long bytes = 0;
        long seen = 0;
        boolean hasFile = false;
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder.real())) {
            for (Path child : children) {
                if (++seen % LOOK_EVERY == 0 && look.isOver()) {
                    return problemWithSize(bytes);
                }
                String childName = child.getFileName().toString();
                Place place = DatasetPath.isVisible(childName) ? child(folder, child) : null;
                if (whyPassedOver(childName, place) == null) {
                    hasFile = true;
                    bytes += place.bytes();
                }
            }
        }
        return hasFile ? problemWithSize(bytes) : NO_FILE;
    }

    private String problemWithSize(long bytes) {
        return bytes > limits.maxBytes() ? limits.tooLarge(bytes) : null;
    }

    /**
     * Finds what to read for an input: a file, or the direct files of a folder.
     *
     * @throws JobException {@link ErrorCode#INPUT_NOT_FOUND} where it is not there, not readable or not inside
     *     its root, {@link ErrorCode#INVALID_INPUT} where it is packed in a way that is refused, {@link
     *     ErrorCode#LIMIT_EXCEEDED} where it is larger than a job may read
     */
    public Dataset open(String path) {
        Dataset found = find(path);
        limits.check(path, found.bytes());
        return found;
    }

    /** The same without a look at the limits. */
    private Dataset find(String path) {
        DatasetPath name = DatasetPath.parse(path).orElseThrow(() -> inputNotFound(path));
        Place place = locate(name);
        if (place == null) {
            throw inputNotFound(path);
        }
        if (!place.isFolder() && place.compression() == Compression.REFUSED) {
            throw new JobException(
                    ErrorCode.INVALID_INPUT, "The input " + name + " " + Compression.REFUSAL, "then run the job again");
        }
        try {
            return place.isFolder()
                    ? folder(name, place)
                    : new Dataset(name.toString(), List.of(place.file(name.toString())), List.of());
        } catch (IOException | UncheckedIOException e) {
            checkShortage(e);
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
            Place place = DatasetPath.isVisible(childName) ? child(folder, child) : null;
            String why = whyPassedOver(childName, place);
            if (why == null) {
                files.add(place.file(name.child(DatasetPath.shown(childName))));
            } else {
                passedOver.add("Passed over: " + DatasetPath.shown(childName) + " " + why);
            }
        }
        return new Dataset(name.toString(), files, passedOver);
    }

    /** The end of a sentence about a folder's child and what it leads to; null if a job reads it. */
    private static String whyPassedOver(String name, Place place) {
        if (!DatasetPath.isVisible(name)) {
            return "(names that begin with _ or a dot are not read)";
        }
        if (place == null) {
            return "(it cannot be read, is no file, or leads out of what may be read)";
        }
        if (place.isFolder()) {
            return "(a folder; only the files directly in the input are read)";
        }
        return place.compression() == Compression.REFUSED ? "(it " + Compression.REFUSAL + ")" : null;
    }

    /**
     * Lists a page of a folder; what could not be an input is left out.
     *
     * @param path the folder's name; empty for the list of roots
     * @param offset how many entries come before the page
     * @param limit how many entries the page has at most
     * @throws JobException {@link ErrorCode#DATASET_NOT_FOUND} where there is no such folder, {@link
     *     ErrorCode#LIMIT_EXCEEDED} if it cannot be listed within the time of the {@linkplain LongRead scan}
     */
    public DatasetFolder list(String path, long offset, int limit) {
        if (path.isEmpty()) {
            List<DatasetEntry> entries = new ArrayList<>();
            for (String root : roots.keySet()) {
                DatasetPath name = new DatasetPath(root, List.of());
                Place place = locate(name);
                if (place != null) {
                    entries.add(entry(name, place));
                }
            }
            return page("", entries, offset, limit);
        }
        DatasetPath name = DatasetPath.parse(path).orElseThrow(() -> datasetNotFound(path));
        Place place = locate(name);
        if (place == null) {
            throw datasetNotFound(path);
        }
        if (!place.isFolder()) {
            throw new JobException(
                    ErrorCode.DATASET_NOT_FOUND, name + " is a file, not a folder", "its preview shows how it begins");
        }
        try {
            return page(name.toString(), entries(name, place), offset, limit);
        } catch (IOException | UncheckedIOException | DirectoryIteratorException e) {
            checkShortage(e);
            throw datasetNotFound(path);
        }
    }

    private static DatasetFolder page(String path, List<DatasetEntry> entries, long offset, int limit) {
        entries.sort(
                Comparator.comparing((DatasetEntry entry) -> !entry.folder()).thenComparing(DatasetEntry::name));
        int from = (int) Math.min(offset, entries.size());
        int to = (int) Math.min((long) from + limit, entries.size());
        return new DatasetFolder(path, entries.subList(from, to), entries.size());
    }

    private static List<DatasetEntry> entries(DatasetPath name, Place folder) throws IOException {
        List<DatasetEntry> entries = new ArrayList<>();
        LongRead longRead = LongRead.current();
        long seen = 0;
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder.real())) {
            for (Path child : children) {
                if (++seen % LOOK_EVERY == 0 && longRead.isOver()) {
                    throw new JobException(
                            ErrorCode.LIMIT_EXCEEDED,
                            "The folder " + name
                                    + " has too many entries to be listed within the time that a request has",
                            "name a file in it, or the folder itself as the input of a job");
                }
                String childName = child.getFileName().toString();
                Place place = DatasetPath.isVisible(childName) ? child(folder, child) : null;
                if (place != null) {
                    entries.add(entry(name.with(childName), place));
                }
            }
        }
        return entries;
    }

    private static DatasetEntry entry(DatasetPath path, Place place) {
        return new DatasetEntry(
                path.name(),
                path.toString(),
                place.isFolder(),
                place.isFolder() ? null : place.bytes(),
                place.attributes().lastModifiedTime().toInstant(),
                isWritable(path, place.isFolder()),
                problem(path, place));
    }

    /** Why what is listed under this name cannot be sent as a job's input; null where it can. */
    private static String problem(DatasetPath path, Place place) {
        if (!path.isNameable()) {
            return place.isFolder() ? DatasetPath.UNNAMEABLE_FOLDER : DatasetPath.UNNAMEABLE_FILE;
        }
        return !place.isFolder() && place.compression() == Compression.REFUSED ? Compression.REFUSAL : null;
    }

    /** Only the root of uploads takes files, and only files directly in it can be replaced and deleted. */
    private static boolean isWritable(DatasetPath name, boolean folder) {
        return name.root().equals(Uploads.ROOT)
                && name.isNameable()
                && name.segments().size() == (folder ? 0 : 1);
    }

    /**
     * The first lines of a file, unpacked where it is packed; of a file that is too much work, those that were found.
     *
     * @throws JobException {@link ErrorCode#DATASET_NOT_FOUND} where there is no such file, {@link
     *     ErrorCode#INVALID_INPUT} where it cannot be unpacked, {@link ErrorCode#UNSUPPORTED_MEDIA_TYPE} where it is
     *     packed in a way that is refused, {@link ErrorCode#LIMIT_EXCEEDED} where unpacking takes too much memory
     */
    public DatasetPreview preview(String path) {
        DatasetPath name = DatasetPath.parse(path).orElseThrow(() -> datasetNotFound(path));
        Place place = locate(name);
        if (place == null) {
            throw datasetNotFound(path);
        }
        if (place.isFolder()) {
            throw new JobException(
                    ErrorCode.DATASET_NOT_FOUND, name + " is a folder, not a file", "list it to see what is in it");
        }
        if (place.compression() == Compression.REFUSED) {
            throw new JobException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "The file " + name + " " + Compression.REFUSAL,
                    "there is no preview");
        }
        PreviewReader lines = new PreviewReader(name.toString());
        try (InputStream raw = lines.bounded(Channels.newInputStream(NoFollowOpener.open(place.root(), place.real())));
                InputStream unpacked = place.compression().unpacked(raw, Duration.ZERO)) {
            return lines.read(new BufferedReader(new InputStreamReader(unpacked, StandardCharsets.UTF_8)));
        } catch (NoSuchFileException | FileReplacedException e) {
            throw datasetNotFound(path);
        } catch (CancellationException e) {
            throw e;
        } catch (InputLimitException e) {
            throw new JobException(ErrorCode.LIMIT_EXCEEDED, "The file " + name + " " + e.getMessage(), e.hint(), e);
        } catch (IOException | RuntimeException e) {
            if (lines.isCutShort()) {
                return lines.soFar();
            }
            // Unpacking meets damaged data with exceptions of all sorts.
            throw new JobException(
                    ErrorCode.INVALID_INPUT,
                    "The file " + name + " cannot be unpacked for a preview",
                    "it may be damaged or incomplete, or not what its ending says",
                    e);
        }
    }

    /**
     * What a name leads to.
     *
     * @param root the folder of its root, all links followed
     * @param real where it is, in the root or the root itself, all links followed
     * @param attributes what it is
     */
    private record Place(Path root, Path real, BasicFileAttributes attributes) {
        Dataset.File file(String name) {
            return new Dataset.File(name, root, real, bytes());
        }

        boolean isFolder() {
            return attributes.isDirectory();
        }

        long bytes() {
            return attributes.size();
        }

        Compression compression() {
            return Compression.of(real.getFileName().toString());
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
            if (!real.startsWith(root) || !isReachable(root, real)) {
                return null;
            }
            BasicFileAttributes there = Files.readAttributes(real, BasicFileAttributes.class);
            return there.isDirectory() || there.isRegularFile() ? new Place(root, real, there) : null;
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Where a child of a folder leads, as {@link #inside} answers it. The folder has been looked at from the root down,
     * so only a link needs more than a look at the child.
     */
    private static Place child(Place folder, Path child) {
        try {
            BasicFileAttributes there =
                    Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (there.isSymbolicLink()) {
                return inside(folder.root(), child);
            }
            boolean usable = (there.isDirectory() || there.isRegularFile()) && Files.isReadable(child);
            return usable ? new Place(folder.root(), child, there) : null;
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

    /** A folder that cannot be opened for want of descriptors is there all the same. */
    private static void checkShortage(Exception e) {
        ResourceShortage.of(e).ifPresent(missing -> {
            throw JobException.resourceShortage(missing, e);
        });
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
