package tinderbox.jobtype;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tinderbox.dataset.Compression;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.DatasetRoot;
import tinderbox.dataset.DriverRoot;
import tinderbox.dataset.ResolvedDataset;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.Visibility;
import tinderbox.job.dispatch.JobStore;
import tinderbox.job.result.JobResult;

/**
 * The results of jobs as datasets, {@code results/<job_id>}: files of CSV. They are in the server's data dir, are found by
 * the ids of their jobs, and are compared with their hashes before they are read.
 */
public final class ResultRoot implements DatasetRoot {
    /** The name of the root. */
    public static final String NAME = JobRequest.RESULTS;

    private static final URI LOCATION = URI.create("tb:///" + NAME + "/");

    private final JobStore store;
    private final Visibility visibility;

    /** The results in this store. */
    public ResultRoot(JobStore store) {
        this(store, Visibility.ALL);
    }

    private ResultRoot(JobStore store, Visibility visibility) {
        this.store = store;
        this.visibility = visibility;
    }

    @Override
    public DatasetRoot seenBy(Visibility visible) {
        return new ResultRoot(store, visible);
    }

    /** Whether this is the path of a result, or of what could be one. */
    public static boolean isResult(String path) {
        return path.startsWith(NAME + "/");
    }

    @Override
    public URI location() {
        return LOCATION;
    }

    @Override
    public boolean isOnDriverOnly() {
        return true;
    }

    @Override
    public ResolvedDataset resolve(List<String> names) {
        return names.size() == 1 ? at(names.get(0)) : null;
    }

    @Override
    public ResolvedDataset at(String id) {
        return job(id).flatMap(job -> result(job).map(result -> new Found(id, job, result.bytes())))
                .orElse(null);
    }

    @Override
    public String missing(List<String> names) {
        Optional<Job> job = names.size() == 1 ? job(names.get(0)) : Optional.empty();
        if (job.isEmpty()) {
            return "is not the result of a job; name one as results/<job_id>, with the id of a job that has SUCCEEDED";
        }
        JobState state = job.get().state();
        if (state == JobState.SUCCEEDED) {
            return "is the result of a job, but is no longer kept or is damaged; run that job again";
        }
        return "is the result of a job that "
                + (state.isTerminal()
                        ? "has " + state + ", and so has none"
                        : "is " + state + "; wait until it has SUCCEEDED");
    }

    /**
     * The columns of a result.
     *
     * @param path {@code results/<job_id>}
     * @throws IOException if it no longer exists or is damaged
     */
    public JobResult describe(String path) throws IOException {
        Optional<Job> job = job(path.substring(NAME.length() + 1));
        if (job.isPresent()) {
            Optional<JobResult> result = store.result(job.get());
            if (result.isPresent()) {
                return result.get();
            }
        }
        throw new FileNotFoundException("there is no " + path);
    }

    private Optional<Job> job(String id) {
        return JobId.isWellFormed(id)
                ? store.find(JobId.parse(id))
                        .filter(job -> visibility.includes(job.request().submittedBy()))
                : Optional.empty();
    }

    private Optional<JobResult> result(Job job) {
        try {
            return job.state() == JobState.SUCCEEDED ? store.result(job) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Opens the rows of a result; compares them with their hash first, unless that was done before. */
    private SeekableByteChannel open(String id) throws IOException {
        Optional<Job> job = job(id);
        if (job.isPresent()) {
            Optional<SeekableByteChannel> rows = store.openRows(job.get());
            if (rows.isPresent()) {
                return rows.get();
            }
        }
        throw new FileNotFoundException("The dataset " + LOCATION + id + " no longer exists");
    }

    /** Opens results, in the server and on a worker. */
    private enum Opener implements Dataset.Opener {
        INSTANCE;

        @Override
        public SeekableByteChannel open(Dataset.File file) throws IOException {
            DatasetRoot root = DriverRoot.of(NAME, LOCATION);
            ResolvedDataset found = root.at(file.path().substring(NAME.length() + 1));
            if (found == null) {
                throw new FileNotFoundException("The dataset " + file.address() + " no longer exists");
            }
            return found.open();
        }

        @Override
        public boolean isOnDriverOnly() {
            return true;
        }
    }

    private final class Found implements ResolvedDataset {
        private final String id;
        private final Job job;
        private final long bytes;

        private Found(String id, Job job, long bytes) {
            this.id = id;
            this.job = job;
            this.bytes = bytes;
        }

        @Override
        public boolean isFolder() {
            return false;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public Instant modifiedAt() {
            return job.end().at();
        }

        @Override
        public Compression compression() {
            return Compression.NONE;
        }

        @Override
        public Dataset.File file(String path) {
            return new Dataset.File(path, LOCATION, LOCATION.resolve(id), bytes, modifiedAt(), "", Opener.INSTANCE);
        }

        @Override
        public SeekableByteChannel open() throws IOException {
            return ResultRoot.this.open(id);
        }

        @Override
        public Stream<Child> children() throws IOException {
            throw new IOException("a result is a file");
        }
    }
}
