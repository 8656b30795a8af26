package tinderbox.preset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;
import tinderbox.store.files.AtomicFiles;
import tinderbox.store.files.ChecksummedJson;

/** All presets of a data dir, in memory and each in a file. What a method has returned survives a crash. */
public final class Presets {
    /** More are refused. */
    static final int MAX = 2_000;

    /** One owner may not take the places of all. */
    static final int MAX_OF_OWNER = 200;

    /** All are in memory: their parameters together have no more UTF-16 code units. */
    static final long MAX_CHARS = 8 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Presets.class);
    private static final String SUFFIX = ".json";
    private static final String TEMPORARY = ".tmp";

    private static final Comparator<Preset> ORDER = Comparator.comparing(Preset::name, String.CASE_INSENSITIVE_ORDER)
            .thenComparing(Preset::createdAt)
            .thenComparing(Preset::id);

    private final Path folder;
    private final Clock clock;
    private final Map<String, Preset> byId = new ConcurrentHashMap<>();

    /**
     * Reads the presets in a folder.
     *
     * @param recovery where damaged files are moved; created when needed
     */
    public Presets(Path folder, Path recovery, Clock clock) throws IOException {
        this.folder = folder;
        this.clock = clock;
        List<Path> files;
        try (Stream<Path> children = Files.list(folder)) {
            files = children.sorted().toList();
        }
        int unknown = 0;
        for (Path file : files) {
            if (isTemporary(file)) {
                Files.deleteIfExists(file);
            } else if (!isPreset(file) || !read(file, recovery)) {
                unknown++;
                LOG.warn("{} is left alone: it is not a preset, or cannot be read", file);
            }
            if (unknown > MAX_OF_OWNER) {
                LOG.warn("There are more files that are not presets in {}; the rest is not read", folder);
                break;
            }
        }
    }

    private static boolean isPreset(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(SUFFIX) && JobId.isWellFormed(name.substring(0, name.length() - SUFFIX.length()));
    }

    /** Whether a write left it when the process died. */
    private static boolean isTemporary(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(TEMPORARY)
                && isPreset(file.resolveSibling(name.substring(0, name.length() - TEMPORARY.length())));
    }

    /** Returns false if the file cannot be read now; a damaged one is moved. */
    private boolean read(Path file, Path recovery) throws IOException {
        String problem;
        try {
            Preset preset = Json.read(Preset.class, ChecksummedJson.read(file));
            if (file.equals(file(preset.id()))) {
                byId.put(preset.id(), preset);
                return true;
            }
            return false;
        } catch (ChecksummedJson.DamagedException | MalformedJsonException e) {
            problem = e.getMessage();
        } catch (IOException e) {
            return false;
        }
        Files.createDirectories(recovery);
        Path target = recovery.resolve("preset-" + file.getFileName());
        AtomicFiles.move(file, target);
        LOG.error("A preset cannot be used, and was moved to {}: {}", target, problem);
        return true;
    }

    private Path file(String id) {
        return folder.resolve(id + SUFFIX);
    }

    /** The preset with this id. */
    public Optional<Preset> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** All presets, in the order of their names. */
    public List<Preset> all() {
        return byId.values().stream().sorted(ORDER).toList();
    }

    /**
     * Saves a new preset.
     *
     * @throws JobException {@link ErrorCode#LIMIT_EXCEEDED}
     */
    public synchronized Preset create(Preset.Content content, String owner) throws IOException {
        if (byId.size() >= MAX) {
            throw full("There are " + MAX + " presets, and a server keeps no more", "have some deleted first");
        }
        if (byId.values().stream()
                        .filter(preset -> preset.owner().equals(owner))
                        .count()
                >= MAX_OF_OWNER) {
            throw full("You have " + MAX_OF_OWNER + " presets, and nobody may have more", "delete some first");
        }
        Instant now = now();
        Preset preset = new Preset(
                UUID.randomUUID().toString(),
                content.name(),
                content.type(),
                content.params(),
                content.shared(),
                owner,
                now,
                now,
                owner);
        checkChars(preset);
        ChecksummedJson.write(file(preset.id()), Json.write(preset));
        byId.put(preset.id(), preset);
        return preset;
    }

    /**
     * Changes a preset, unless somebody else has changed or deleted it since it was read. Empty if so.
     *
     * @throws JobException {@link ErrorCode#LIMIT_EXCEEDED}
     */
    public synchronized Optional<Preset> change(Preset known, Preset.Content content, String by) throws IOException {
        if (!known.equals(byId.get(known.id()))) {
            return Optional.empty();
        }
        if (known.content().equals(content)) {
            return Optional.of(known);
        }
        Preset changed = known.with(content, by, now());
        checkChars(changed);
        ChecksummedJson.replace(file(changed.id()), Json.write(changed));
        byId.put(changed.id(), changed);
        return Optional.of(changed);
    }

    /** Deletes a preset, unless somebody else has changed or deleted it since it was read. Returns false if so. */
    public synchronized boolean delete(Preset known) throws IOException {
        if (!known.equals(byId.get(known.id()))) {
            return false;
        }
        Files.deleteIfExists(file(known.id()));
        AtomicFiles.sync(folder);
        byId.remove(known.id());
        return true;
    }

    /** As files and responses have it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private void checkChars(Preset added) {
        long others = byId.values().stream()
                .filter(preset -> !preset.id().equals(added.id()))
                .mapToLong(Presets::chars)
                .sum();
        if (others + chars(added) > MAX_CHARS) {
            throw full(
                    "The parameters of all presets together may have " + MAX_CHARS + " characters",
                    "have large ones deleted first");
        }
    }

    private static long chars(Preset preset) {
        return JobRequest.paramChars(preset.params());
    }

    private static JobException full(String message, String hint) {
        return new JobException(ErrorCode.LIMIT_EXCEEDED, message, hint);
    }
}
