package tinderbox.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.RunSet;
import tinderbox.job.StorageFailure;
import tinderbox.job.dispatch.RunSetStore;
import tinderbox.json.MalformedJsonException;
import tinderbox.store.files.AtomicFiles;
import tinderbox.store.files.ChecksummedJson;
import tinderbox.store.files.CrashPoint;
import tinderbox.store.files.RunSetFile;

/**
 * The files of the run sets, {@code run-sets/<id>.json}. Until all its jobs are on the disk, that of a new one is {@code
 * <id>.pending}; the rename accepts it.
 */
final class RunSetFolder {
    private static final String SUFFIX = ".json";
    private static final String PENDING = ".pending";
    private static final String EDITED = ".edited";
    private static final String TORN = ".tmp";

    private final Path folder;
    private final UnknownFiles unknownFiles;
    private final Map<String, RunSetStore.Entry> entries = new ConcurrentHashMap<>();
    /** Run sets whose submission was not answered: a crash came first. */
    private final Set<String> pending = new HashSet<>();

    /** Reads the folder. */
    RunSetFolder(Path dataDir, UnknownFiles unknownFiles) throws IOException {
        this.folder = DataDir.folder(dataDir.resolve("run-sets"));
        this.unknownFiles = unknownFiles;
        for (Path file : JobFolders.children(folder).toList()) {
            String name = file.getFileName().toString();
            int dot = name.indexOf('.');
            String id = dot < 0 ? name : name.substring(0, dot);
            String suffix = dot < 0 ? "" : name.substring(dot);
            if (!JobId.isWellFormed(id) || !Files.isRegularFile(file)) {
                if (!AtomicFiles.isLeftover(file)) {
                    unknownFiles.report(file, "it is not a run set");
                }
            } else if (suffix.equals(SUFFIX)) {
                readAtStart(id).ifPresent(set -> entries.put(id, entry(set)));
            } else if (suffix.equals(PENDING) || suffix.equals(PENDING + TORN)) {
                pending.add(id);
            } else if (suffix.equals(EDITED) || suffix.equals(EDITED + TORN)) {
                Files.delete(file);
            } else {
                unknownFiles.report(file, "it is not a run set");
            }
        }
        for (String accepted : entries.keySet()) {
            // A copy that was made meanwhile can have both.
            if (pending.remove(accepted)) {
                deletePending(accepted);
            }
        }
    }

    /** What cannot be read now never stops a start. */
    private Optional<RunSet> readAtStart(String id) {
        try {
            return read(id);
        } catch (JobException e) {
            unknownFiles.report(
                    file(id, SUFFIX),
                    "it cannot be read (" + e.getMessage()
                            + "); its jobs are without their run set until the next start");
            return Optional.empty();
        }
    }

    private static RunSetStore.Entry entry(RunSet set) {
        return new RunSetStore.Entry(
                set.id(),
                set.seq(),
                set.type(),
                set.name(),
                set.submittedBy(),
                set.submittedAt(),
                set.idempotencyKey() == null
                        ? null
                        : IdempotencyKey.scope(
                                set.submittedBy(), set.idempotencyKey().key()),
                set.isKeyOnly());
    }

    private Path file(String id, String suffix) {
        return folder.resolve(id + suffix);
    }

    /** The ids of run sets that an earlier process had begun to accept. None of their jobs may run. */
    Set<String> pending() {
        return pending;
    }

    /** Forgets what {@link #pending} has; the jobs are gone. */
    void deletePending() throws IOException {
        for (String id : pending) {
            deletePending(id);
        }
        pending.clear();
    }

    private void deletePending(String id) throws IOException {
        Files.deleteIfExists(file(id, PENDING));
        Files.deleteIfExists(file(id, PENDING + TORN));
    }

    /** Writes a run set that is not accepted yet. */
    void begin(RunSet set) throws IOException {
        ChecksummedJson.write(file(set.id(), PENDING), RunSetFile.write(set));
        CrashPoint.RUN_SET_BEFORE_JOBS.pass();
    }

    /** Accepts a run set, all of whose jobs are on the disk. */
    void commit(RunSet set) throws IOException {
        CrashPoint.RUN_SET_BEFORE_COMMIT.pass();
        AtomicFiles.move(file(set.id(), PENDING), file(set.id(), SUFFIX));
        CrashPoint.RUN_SET_AFTER_COMMIT.pass();
    }

    /** Undoes {@link #commit}, as far as it got; then the jobs can be removed, and {@link #forget} follows. */
    void undoCommit(RunSet set) throws IOException {
        if (AtomicFiles.exists(file(set.id(), SUFFIX))) {
            AtomicFiles.move(file(set.id(), SUFFIX), file(set.id(), PENDING));
        }
    }

    /** Undoes {@link #begin} after the jobs are gone. */
    void forget(RunSet set) throws IOException {
        deletePending(set.id());
    }

    /** Shows a run set in lists. */
    void show(RunSet set) {
        entries.put(set.id(), entry(set));
    }

    /** All run sets, newest first. */
    List<RunSetStore.Entry> entries() {
        return entries.values().stream()
                .sorted(Comparator.comparingLong(RunSetStore.Entry::seq).reversed())
                .toList();
    }

    Optional<RunSet> find(String id) {
        return entries.containsKey(id) ? read(id) : Optional.empty();
    }

    private Optional<RunSet> read(String id) {
        Path file = file(id, SUFFIX);
        try {
            RunSet set = RunSetFile.read(ChecksummedJson.read(file));
            if (!set.id().equals(id) || (!set.isKeyOnly() && set.jobs().size() != RunSet.combinations(set.forEach()))) {
                throw new IllegalStateException("it is not this run set");
            }
            return Optional.of(set);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (ChecksummedJson.DamagedException | MalformedJsonException | RuntimeException e) {
            unknownFiles.report(file, e.getMessage() + "; its jobs remain, without their run set");
            return Optional.empty();
        } catch (IOException e) {
            throw StorageFailure.of(e);
        }
    }

    synchronized boolean replace(RunSet edited) throws IOException {
        if (!entries.containsKey(edited.id())) {
            return false;
        }
        // First whole under another name: a power cut could tear a file that is replaced at once.
        ChecksummedJson.write(file(edited.id(), EDITED), RunSetFile.write(edited));
        AtomicFiles.move(file(edited.id(), EDITED), file(edited.id(), SUFFIX));
        entries.put(edited.id(), entry(edited));
        return true;
    }

    synchronized boolean delete(String id) throws IOException {
        if (!entries.containsKey(id)) {
            return false;
        }
        Files.deleteIfExists(file(id, SUFFIX));
        AtomicFiles.sync(folder);
        entries.remove(id);
        return true;
    }

    /** Replaces a run set by {@link RunSet#keyOnly}; false if it is gone or cannot be read. */
    synchronized boolean keepKey(String id) throws IOException {
        Optional<RunSet> set = find(id);
        return set.isPresent() && replace(set.get().keyOnly());
    }
}
