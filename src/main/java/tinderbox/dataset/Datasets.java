package tinderbox.dataset;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.Causes;
import tinderbox.common.LongRead;
import tinderbox.common.ResourceShortage;
import tinderbox.common.Sha256;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.Visibility;

/**
 * The datasets of this server: the files and folders below the roots that the operator configured. A path that leads out
 * of its root gets the same response as one that does not exist.
 */
public final class Datasets {
    /** On a cluster, how many bytes the server sends to the workers for one job. */
    public static final long MAX_FROM_DRIVER = 64L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Datasets.class);

    /** What a user can do about more. */
    private static final String SEND_LESS =
            "choose a smaller input, or ask the operator to put it where all workers can read it; --root NAME=file:/path"
                    + " names such a folder, --root NAME=hdfs://host:port/path one of an HDFS, and --shared-data-dir"
                    + " says that the data dir is one";

    /** The clock is checked once per this number of files. */
    private static final int FILES_PER_CLOCK_CHECK = 1000;

    /** How many entries a search looks at, and finds. */
    private static final int MAX_SEARCHED = 100_000;

    private static final int MAX_FOUND = 10_000;

    /** How often a file is opened that is replaced meanwhile. */
    private static final int MAX_OPENINGS = 5;

    private static final String NO_FILE = "is a folder without a file that can be read";
    static final String MISSING = "does not exist or cannot be read; GET /api/v1/datasets lists what there is";

    private final Map<String, DatasetRoot> roots;
    private final InputLimits limits;
    private final long maxFromDriver;

    /**
     * The datasets in these roots.
     *
     * @param roots by name
     * @param limits of a job's input
     * @param maxFromDriver how many bytes of its input a job may read from roots that only the server sees
     */
    public Datasets(Map<String, ? extends DatasetRoot> roots, InputLimits limits, long maxFromDriver) {
        this.roots = Collections.unmodifiableMap(new LinkedHashMap<>(roots));
        this.limits = limits;
        this.maxFromDriver = maxFromDriver;
    }

    /** Those of them that somebody sees. What others own does not exist. */
    public Datasets seenBy(Visibility visibility) {
        if (visibility.isAll()) {
            return this;
        }
        Map<String, DatasetRoot> seen = new LinkedHashMap<>();
        roots.forEach((name, root) -> seen.put(name, root.seenBy(visibility)));
        return new Datasets(seen, limits, maxFromDriver);
    }

    private ResolvedDataset resolve(DatasetPath name) {
        DatasetRoot root = roots.get(name.root());
        return root == null ? null : root.resolve(name.segments());
    }

    /** How much a job may read. */
    public InputLimits limits() {
        return limits;
    }

    /** Why the server cannot send this much to the workers, as the end of a sentence; null if it can. */
    public String problemWithSending(long bytes) {
        return bytes > maxFromDriver ? sendingTooMuch(bytes) + "; " + SEND_LESS : null;
    }

    private String sendingTooMuch(long bytes) {
        return "has " + bytes + " bytes that only the server can read, and it sends at most " + maxFromDriver
                + " to the workers for one job";
    }

    /**
     * Checks how much of a job's input the server has to send to the workers.
     *
     * @throws JobException {@link ErrorCode#LIMIT_EXCEEDED}
     */
    public void checkSending(String path, long bytes) {
        if (bytes > maxFromDriver) {
            throw new JobException(
                    ErrorCode.LIMIT_EXCEEDED, "The input " + path + " " + sendingTooMuch(bytes), SEND_LESS);
        }
    }

    private InputCheck ofSize(DatasetPath name, long bytes) {
        long fromDriver = roots.get(name.root()).isOnDriverOnly() ? bytes : 0;
        String problem = limits.problemWith(bytes);
        return new InputCheck(problem == null ? problemWithSending(fromDriver) : problem, bytes, fromDriver);
    }

    /**
     * Checks whether {@code path} can be an input of a job.
     *
     * @param read limits the time that the files of folders are checked, for all inputs of a job together; {@link #open}
     *     checks the rest
     */
    public InputCheck check(String path, LongRead read) {
        DatasetPath name = DatasetPath.parse(path).orElse(null);
        if (name == null) {
            return InputCheck.failed(DatasetPath.SHAPE);
        }
        ResolvedDataset resolved = resolve(name);
        if (resolved == null) {
            return InputCheck.failed(missing(name));
        }
        if (resolved.whyNoInput() != null) {
            return InputCheck.failed(resolved.whyNoInput());
        }
        try {
            if (resolved.isFolder()) {
                return check(name, resolved, read);
            }
            return resolved.compression() == Compression.REFUSED
                    ? InputCheck.failed(Compression.REFUSAL)
                    : ofSize(name, resolved.bytes());
        } catch (IOException | UncheckedIOException e) {
            checkShortage(e);
            return InputCheck.failed(missing(name));
        }
    }

    private String missing(DatasetPath name) {
        DatasetRoot root = roots.get(name.root());
        return root == null ? MISSING : root.missing(name.segments());
    }

    private InputCheck check(DatasetPath name, ResolvedDataset folder, LongRead read) throws IOException {
        long bytes = 0;
        long seen = 0;
        boolean hasFile = false;
        try (Stream<ResolvedDataset.Child> children = folder.children()) {
            for (Iterator<ResolvedDataset.Child> each = children.iterator(); each.hasNext(); ) {
                ResolvedDataset.Child child = each.next();
                if (++seen % FILES_PER_CLOCK_CHECK == 0 && read.isOver()) {
                    return ofSize(name, bytes);
                }
                ResolvedDataset resolved = visible(child);
                if (whyPassedOver(child.name(), resolved) == null) {
                    hasFile = true;
                    bytes += resolved.bytes();
                }
            }
        }
        return hasFile ? ofSize(name, bytes) : InputCheck.failed(NO_FILE);
    }

    /**
     * Finds what to read for an input: a file, or the direct files of a folder.
     *
     * @throws JobException {@link ErrorCode#INPUT_NOT_FOUND} if it does not exist, cannot be read or is outside its root;
     *     {@link ErrorCode#INVALID_INPUT} if its compression is not supported; {@link ErrorCode#LIMIT_EXCEEDED} if it is
     *     larger than a job may read
     */
    public Dataset open(String path) {
        Dataset found = find(path);
        limits.check(path, found.bytes());
        return found;
    }

    /** As {@link #open}, without checking the limits. */
    private Dataset find(String path) {
        DatasetPath name = DatasetPath.parse(path).orElseThrow(() -> inputNotFound(path, MISSING));
        ResolvedDataset resolved = resolve(name);
        if (resolved == null) {
            throw inputNotFound(path, missing(name));
        }
        if (resolved.whyNoInput() != null) {
            throw new JobException(
                    ErrorCode.INVALID_INPUT,
                    "The input " + name + " " + resolved.whyNoInput(),
                    "then run the job again");
        }
        if (!resolved.isFolder() && resolved.compression() == Compression.REFUSED) {
            throw new JobException(
                    ErrorCode.INVALID_INPUT, "The input " + name + " " + Compression.REFUSAL, "then run the job again");
        }
        try {
            return resolved.isFolder()
                    ? folder(name, resolved)
                    : new Dataset(name.toString(), List.of(resolved.file(name.toString())), List.of());
        } catch (IOException | UncheckedIOException e) {
            checkShortage(e);
            // It was deleted or changed in the meantime.
            throw inputNotFound(path, missing(name));
        }
    }

    /** Whether a path leads to a folder; empty if it leads to nothing that a job can read. */
    public Optional<Boolean> isFolder(String path) {
        return DatasetPath.parse(path).map(this::resolve).map(ResolvedDataset::isFolder);
    }

    /** The root of this name; empty if there is none. */
    public Optional<DatasetRoot> root(String name) {
        return Optional.ofNullable(roots.get(name));
    }

    /** The names of the roots, as {@link #list} has them. */
    public List<String> roots() {
        return list("", 0, Integer.MAX_VALUE).entries().stream()
                .map(DatasetEntry::name)
                .toList();
    }

    /**
     * The names of what is directly in a folder, in no order: of the files that jobs read, and of the folders whose names
     * can be in a path.
     *
     * @param wanted which names to look at
     * @param read limits the time
     * @return empty if it is no folder, or cannot be read
     * @throws JobException {@link ErrorCode#LIMIT_EXCEEDED} if that takes too long
     */
    public List<FolderChild> children(String path, Predicate<String> wanted, LongRead read) {
        DatasetPath name = DatasetPath.parse(path).orElse(null);
        ResolvedDataset folder = name == null ? null : resolve(name);
        if (folder == null || !folder.isFolder()) {
            return List.of();
        }
        List<FolderChild> found = new ArrayList<>();
        long seen = 0;
        try (Stream<ResolvedDataset.Child> children = folder.children()) {
            for (Iterator<ResolvedDataset.Child> each = children.iterator(); each.hasNext(); ) {
                ResolvedDataset.Child child = each.next();
                if (++seen % FILES_PER_CLOCK_CHECK == 0 && read.isOver()) {
                    throw tooManyEntries(name, "name a file in it by its path");
                }
                ResolvedDataset resolved = wanted.test(child.name()) ? visible(child) : null;
                boolean isFolder = resolved != null && resolved.isFolder() && DatasetPath.isNameable(child.name());
                if (isFolder || (resolved != null && whyPassedOver(child.name(), resolved) == null)) {
                    found.add(new FolderChild(child.name(), isFolder));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            checkShortage(e);
            return List.of();
        }
        return found;
    }

    /** A file or folder in a folder. */
    public record FolderChild(String name, boolean isFolder) {}

    private static JobException tooManyEntries(DatasetPath folder, String hint) {
        return new JobException(
                ErrorCode.LIMIT_EXCEEDED,
                "The folder " + folder + " has too many entries to be listed within the time that a request has",
                hint);
    }

    /** Whether a job with these inputs reads {@code file}: one is the same path, or the folder of that file. */
    public static boolean covers(List<String> inputs, String file) {
        String folder = file.substring(0, file.lastIndexOf('/'));
        return inputs.stream().map(Datasets::normalized).anyMatch(path -> path.equals(file) || path.equals(folder));
    }

    /** The path as {@link Dataset#path} has it: without a slash at its end. */
    public static String normalized(String path) {
        return DatasetPath.parse(path).map(DatasetPath::toString).orElse(path);
    }

    private static Dataset folder(DatasetPath name, ResolvedDataset folder) throws IOException {
        List<Dataset.File> files = new ArrayList<>();
        List<String> passedOver = new ArrayList<>();
        try (Stream<ResolvedDataset.Child> children = folder.children()) {
            children.sorted(Comparator.comparing(ResolvedDataset.Child::name)).forEachOrdered(child -> {
                ResolvedDataset resolved = visible(child);
                String why = whyPassedOver(child.name(), resolved);
                if (why == null) {
                    files.add(resolved.file(name.child(DatasetPath.shown(child.name()))));
                } else {
                    passedOver.add("Passed over: " + DatasetPath.shown(child.name()) + " " + why);
                }
            });
        }
        return new Dataset(name.toString(), files, passedOver);
    }

    /** What a folder contains; null if it cannot be read or a job never does. */
    private static ResolvedDataset visible(ResolvedDataset.Child child) {
        return DatasetPath.isVisible(child.name()) ? child.resolve() : null;
    }

    /** Why a job does not read this file of a folder, as the end of a sentence; null if it does. */
    static String whyPassedOver(String name, ResolvedDataset resolved) {
        if (!DatasetPath.isVisible(name)) {
            return "(names that begin with _ or a dot are not read)";
        }
        if (resolved == null) {
            return "(it cannot be read, is not a file, or leads out of its root)";
        }
        if (resolved.isFolder()) {
            return "(a folder; only the files directly in the input are read)";
        }
        return resolved.compression() == Compression.REFUSED ? "(it " + Compression.REFUSAL + ")" : null;
    }

    /** All entries by their names, as {@link #list(String, DatasetListing, long, int)} lists them. */
    public DatasetFolder list(String path, long offset, int limit) {
        return list(path, DatasetListing.ALL, offset, limit);
    }

    /**
     * Lists a page of a folder, without the entries that can never be an input.
     *
     * @param path the folder, {@code root/path}; empty for the list of roots
     * @param offset how many entries to skip
     * @param limit the maximum number of entries
     * @throws JobException {@link ErrorCode#DATASET_NOT_FOUND} if there is no such folder; {@link
     *     ErrorCode#LIMIT_EXCEEDED} if listing it takes longer than the current {@link LongRead} may. A search is cut
     *     short then
     */
    public DatasetFolder list(String path, DatasetListing listing, long offset, int limit) {
        DatasetPath name = path.isEmpty() ? null : DatasetPath.parse(path).orElseThrow(() -> datasetNotFound(path));
        if (name == null && listing.search() == null) {
            List<DatasetEntry> entries = new ArrayList<>();
            for (String root : roots.keySet()) {
                rootEntry(new DatasetPath(root, List.of())).ifPresent(entries::add);
            }
            return page("", entries, listing, offset, limit, false);
        }
        ResolvedDataset resolved = name == null ? null : resolve(name);
        if (name != null && resolved == null) {
            throw datasetNotFound(path);
        }
        if (name != null && !resolved.isFolder()) {
            throw new JobException(
                    ErrorCode.DATASET_NOT_FOUND,
                    name + " is a file, not a folder",
                    "request its preview to see its first lines");
        }
        try {
            if (listing.search() != null) {
                Search search = new Search(listing);
                if (name == null) {
                    roots.keySet().forEach(root -> search.addRoot(new DatasetPath(root, List.of())));
                } else {
                    search.add(name, resolved);
                }
                search.run();
                return page(
                        name == null ? "" : name.toString(), search.found, listing, offset, limit, search.isCutShort);
            }
            return page(name.toString(), entries(name, resolved), listing, offset, limit, false);
        } catch (IOException | UncheckedIOException e) {
            checkShortage(e);
            throw datasetNotFound(path);
        }
    }

    /** Looks for names, the nearest folders first. Links to folders are not followed: they may lead in a circle. */
    private final class Search {
        private final DatasetListing listing;
        private final LongRead longRead = LongRead.current();
        private final Deque<Folder> folders = new ArrayDeque<>();
        private final List<DatasetEntry> found = new ArrayList<>();
        private long seen;
        private boolean isCutShort;

        private Search(DatasetListing listing) {
            this.listing = listing;
        }

        private record Folder(DatasetPath name, ResolvedDataset folder) {}

        private void add(DatasetPath name, ResolvedDataset folder) {
            folders.add(new Folder(name, folder));
        }

        /** One that cannot be reached is left out. */
        private void addRoot(DatasetPath root) {
            if (listing.finds(root.root())) {
                rootEntry(root).ifPresent(found::add);
            }
            try {
                ResolvedDataset resolved = resolve(root);
                if (resolved != null) {
                    add(root, resolved);
                }
            } catch (JobException e) {
                isCutShort = true;
            }
        }

        private void run() throws IOException {
            while (!folders.isEmpty() && !isCutShort()) {
                Folder next = folders.remove();
                try (Stream<ResolvedDataset.Child> children = next.folder().children()) {
                    Iterator<ResolvedDataset.Child> each = children.iterator();
                    while (each.hasNext() && !isCutShort()) {
                        look(next.name(), each.next());
                    }
                }
            }
        }

        private void look(DatasetPath parent, ResolvedDataset.Child child) {
            seen++;
            ResolvedDataset resolved = visible(child);
            if (resolved == null) {
                return;
            }
            if (listing.finds(child.name())) {
                found.add(entry(parent.with(child.name()), resolved));
            }
            if (resolved.isFolder() && DatasetPath.isNameable(child.name()) && !child.isLink()) {
                add(parent.with(child.name()), resolved);
            }
        }

        private boolean isCutShort() {
            isCutShort |= seen >= MAX_SEARCHED
                    || found.size() >= MAX_FOUND
                    || (seen % FILES_PER_CLOCK_CHECK == 0 && longRead.isOver());
            return isCutShort;
        }
    }

    /** A root that cannot be reached is listed with the reason. */
    private Optional<DatasetEntry> rootEntry(DatasetPath name) {
        try {
            return Optional.ofNullable(resolve(name)).map(resolved -> entry(name, resolved));
        } catch (JobException e) {
            return Optional.of(new DatasetEntry(
                    name.root(), name.toString(), true, null, null, false, "cannot be read now: " + e.getMessage()));
        }
    }

    private static DatasetFolder page(
            String path,
            List<DatasetEntry> entries,
            DatasetListing listing,
            long offset,
            int limit,
            boolean isCutShort) {
        entries.sort(listing.order());
        int from = (int) Math.min(offset, entries.size());
        int to = (int) Math.min((long) from + limit, entries.size());
        return new DatasetFolder(path, entries.subList(from, to), entries.size(), isCutShort);
    }

    private static List<DatasetEntry> entries(DatasetPath name, ResolvedDataset folder) throws IOException {
        List<DatasetEntry> entries = new ArrayList<>();
        LongRead longRead = LongRead.current();
        long seen = 0;
        try (Stream<ResolvedDataset.Child> children = folder.children()) {
            for (Iterator<ResolvedDataset.Child> each = children.iterator(); each.hasNext(); ) {
                ResolvedDataset.Child child = each.next();
                if (++seen % FILES_PER_CLOCK_CHECK == 0 && longRead.isOver()) {
                    throw tooManyEntries(name, "name a file in it, or the folder itself as the input of a job");
                }
                ResolvedDataset resolved = visible(child);
                if (resolved != null) {
                    entries.add(entry(name.with(child.name()), resolved));
                }
            }
        }
        return entries;
    }

    private static DatasetEntry entry(DatasetPath path, ResolvedDataset resolved) {
        return new DatasetEntry(
                path.name(),
                path.toString(),
                resolved.isFolder(),
                resolved.isFolder() ? null : resolved.bytes(),
                resolved.modifiedAt(),
                isWritable(path),
                problem(path, resolved));
    }

    /** Why this entry cannot be a job's input; null if it can. */
    private static String problem(DatasetPath path, ResolvedDataset resolved) {
        if (!path.isNameable()) {
            return resolved.isFolder() ? DatasetPath.UNNAMEABLE_FOLDER : DatasetPath.UNNAMEABLE_FILE;
        }
        return !resolved.isFolder() && resolved.compression() == Compression.REFUSED ? Compression.REFUSAL : null;
    }

    /** Whether requests can replace the file, or upload to the folder. */
    private static boolean isWritable(DatasetPath name) {
        return name.root().equals(Uploads.ROOT)
                && (name.segments().isEmpty()
                        || UploadPath.parse(String.join("/", name.segments())).isPresent());
    }

    /**
     * Opens a file as it is, compressed or not.
     *
     * @throws JobException {@link ErrorCode#DATASET_NOT_FOUND} if there is no such file; {@link
     *     ErrorCode#STORAGE_UNAVAILABLE} if its HDFS cannot be read
     */
    public DatasetContent content(String path) {
        DatasetPath name = DatasetPath.parse(path).orElseThrow(() -> datasetNotFound(path));
        for (int i = 0; i < MAX_OPENINGS; i++) {
            ResolvedDataset resolved = file(path, name);
            SeekableByteChannel channel = null;
            try {
                channel = resolved.open();
                // Whether it was replaced before it was opened.
                if (version(name, file(path, name)).equals(version(name, resolved))
                        && channel.size() == resolved.bytes()) {
                    return new DatasetContent(name.name(), channel, version(name, resolved));
                }
                channel.close();
            } catch (NoSuchFileException | FileReplacedException e) {
                close(channel);
                throw datasetNotFound(path);
            } catch (IOException | RuntimeException e) {
                close(channel);
                if (e instanceof JobException refusal) {
                    throw refusal;
                }
                checkReachable(name, e);
                checkShortage(e);
                throw datasetNotFound(path);
            }
        }
        throw JobException.retryAfter(
                ErrorCode.SERVER_BUSY,
                "The file " + name + " changes all the time",
                "try again in a moment",
                Duration.ofSeconds(1));
    }

    private static void close(SeekableByteChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("A file could not be closed", e);
            }
        }
    }

    private static String version(DatasetPath name, ResolvedDataset resolved) {
        Dataset.File file = resolved.file(name.toString());
        return Sha256.hex((file.location() + " " + file.key() + " " + file.bytes() + " " + file.modifiedAt())
                .getBytes(StandardCharsets.UTF_8));
    }

    private ResolvedDataset file(String path, DatasetPath name) {
        ResolvedDataset resolved = resolve(name);
        if (resolved == null) {
            throw datasetNotFound(path);
        }
        if (resolved.isFolder()) {
            throw new JobException(
                    ErrorCode.DATASET_NOT_FOUND, name + " is a folder, not a file", "list it to see its files");
        }
        return resolved;
    }

    /**
     * The first lines of a file, decompressed if necessary. If that takes too long, fewer lines are returned.
     *
     * @throws JobException {@link ErrorCode#DATASET_NOT_FOUND} if there is no such file; {@link ErrorCode#INVALID_INPUT}
     *     if it cannot be decompressed; {@link ErrorCode#UNSUPPORTED_MEDIA_TYPE} if its compression is not supported;
     *     {@link ErrorCode#LIMIT_EXCEEDED} if decompressing takes too much memory; {@link
     *     ErrorCode#STORAGE_UNAVAILABLE} if its HDFS cannot be read
     */
    public DatasetPreview preview(String path) {
        DatasetPath name = DatasetPath.parse(path).orElseThrow(() -> datasetNotFound(path));
        ResolvedDataset resolved = file(path, name);
        if (resolved.compression() == Compression.REFUSED) {
            throw new JobException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "The file " + name + " " + Compression.REFUSAL,
                    "there is no preview");
        }
        PreviewReader lines = new PreviewReader(name.toString());
        try (InputStream raw = lines.bounded(Channels.newInputStream(resolved.open()));
                InputStream unpacked = resolved.compression().decompress(raw, Duration.ZERO)) {
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
            checkReachable(name, e);
            // The decompressors throw many kinds of exceptions for damaged data.
            throw new JobException(
                    ErrorCode.INVALID_INPUT,
                    "The file " + name + " cannot be decompressed for a preview",
                    "it may be damaged or incomplete, or not what its ending says",
                    e);
        }
    }

    private static void checkReachable(DatasetPath name, Exception e) {
        Causes.of(e)
                .filter(RootUnreachableException.class::isInstance)
                .findFirst()
                .ifPresent(reason -> {
                    throw new JobException(
                            ErrorCode.STORAGE_UNAVAILABLE,
                            "The file " + name + " cannot be read: " + reason.getMessage(),
                            "try again later, or ask the operator whether its HDFS runs",
                            e);
                });
    }

    /** A folder that cannot be opened because file descriptors ran out must not be reported as missing. */
    private static void checkShortage(Exception e) {
        ResourceShortage.of(e).ifPresent(missing -> {
            throw JobException.resourceShortage(missing, e);
        });
    }

    private static JobException inputNotFound(String path, String missing) {
        String[] parts = missing.split("; ", 2);
        return new JobException(ErrorCode.INPUT_NOT_FOUND, "The input " + path + " " + parts[0], parts[1]);
    }

    private static JobException datasetNotFound(String path) {
        return new JobException(
                ErrorCode.DATASET_NOT_FOUND,
                "There is no dataset " + path + ", or it cannot be read",
                "GET /api/v1/datasets lists what there is");
    }
}
