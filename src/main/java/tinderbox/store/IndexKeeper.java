package tinderbox.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;

/**
 * Keeps the index in step with the folders, which are right whatever the index says. An index that cannot be
 * used is kept aside and made anew; one that fails at work marks itself, so that the next start makes it anew.
 */
final class IndexKeeper implements FolderReader.Memory, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexKeeper.class);
    private static final String STALE = "stale";
    private static final int BATCH = 1000;

    private final Path folder;
    private final Path aside;
    private JobIndex index;
    private volatile boolean current = true;

    /**
     * Keeps the index in {@code folder}.
     *
     * @param aside where a broken one is put
     */
    IndexKeeper(Path folder, Path aside) {
        this.folder = folder;
        this.aside = aside;
    }

    JobIndex open() throws IOException {
        if (Files.exists(folder.resolve(STALE))) {
            LOG.warn("The job index failed in the last run; it is made anew from the job folders");
            putAside();
        }
        try {
            index = new JobIndex(folder);
            index.ids();
            index.unendedStates();
            index.maxSeq();
        } catch (IndexException e) {
            LOG.error("The job index is broken; it is made anew from the job folders", e);
            if (index != null) {
                index.abandon();
            }
            putAside();
            index = new JobIndex(folder);
        }
        return index;
    }

    private void putAside() throws IOException {
        Files.createDirectories(aside.getParent());
        Files.move(folder, aside);
        LOG.warn("The old job index is kept in {}", aside);
    }

    /** Makes the index say what the folders say. */
    void reconcile(List<Path> months, FolderReader reader, List<Job> unfinished) throws IOException {
        Set<JobId> indexed = index.ids();
        Map<JobId, JobState> unended = index.unendedStates();
        Set<JobId> gone = new HashSet<>(indexed);
        unfinished.forEach(job -> gone.remove(job.id()));
        int missing = 0;
        for (Path month : months) {
            List<JobId> ids = FolderReader.ids(month);
            ids.forEach(gone::remove);
            List<JobId> unknown = ids.stream()
                    .filter(id -> !indexed.contains(id) || unended.containsKey(id))
                    .toList();
            missing += unknown.size();
            putEnded(reader, month, unknown);
        }
        List<Job> changed = unfinished.stream()
                .filter(job -> unended.get(job.id()) != job.state())
                .toList();
        for (int from = 0; from < changed.size(); from += BATCH) {
            index.putAll(changed.subList(from, Math.min(from + BATCH, changed.size())));
        }
        gone.forEach(index::remove);
        if (!gone.isEmpty()) {
            LOG.info("{} jobs whose folders are gone were taken out of the index", gone.size());
        }
        if (missing > 0) {
            LOG.info("{} jobs that the index did not know rightly were put back from their folders", missing);
        }
    }

    private void putEnded(FolderReader reader, Path month, List<JobId> ids) throws IOException {
        List<Job> batch = new ArrayList<>();
        for (JobId id : ids) {
            Job job = reader.readEnded(month, id);
            if (job != null) {
                batch.add(job);
            }
            if (batch.size() == BATCH) {
                index.putAll(batch);
                batch.clear();
            }
        }
        index.putAll(batch);
    }

    /** Has the index follow a change that is on disk already; a failure is told and mended by the next start. */
    void follow(Runnable change) {
        try {
            change.run();
        } catch (IndexException e) {
            failed(e);
        }
    }

    @Override
    public Optional<Job> ended(JobId id) {
        try {
            return index.findEnded(id);
        } catch (IndexException e) {
            failed(e);
            return Optional.empty();
        }
    }

    @Override
    public Optional<JobRequest> request(JobId id) {
        try {
            return index.findRequest(id);
        } catch (IndexException e) {
            failed(e);
            return Optional.empty();
        }
    }

    private void failed(IndexException e) {
        LOG.error("No job is lost, but lists may be wrong until the next start, which makes the index anew", e);
        current = false;
        try {
            Files.writeString(folder.resolve(STALE), "");
        } catch (IOException cannotMark) {
            LOG.error("The index could not be marked; delete {} before the next start", folder, cannotMark);
        }
    }

    /** Whether the index has followed every change. */
    boolean isCurrent() {
        return current;
    }

    @Override
    public void close() {
        try {
            index.close();
        } catch (IndexException e) {
            failed(e);
        }
    }
}
