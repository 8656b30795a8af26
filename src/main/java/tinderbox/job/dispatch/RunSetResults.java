package tinderbox.job.dispatch;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tinderbox.job.ErrorCode;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobState;
import tinderbox.job.JobView;
import tinderbox.job.RunSet;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.read.CombinedReader;
import tinderbox.job.result.read.ResultLimits;

/** The results of a run set's jobs as one table. */
public final class RunSetResults {
    /** The status of a job that was deleted. */
    public static final String GONE = "GONE";

    /** The status of a job that has succeeded, but whose result is gone or damaged. */
    public static final String UNREADABLE = "UNREADABLE";

    private final RunSet set;
    private final Map<JobId, JobView> jobs;
    private final JobArtifacts artifacts;

    RunSetResults(RunSet set, Map<JobId, JobView> jobs, JobArtifacts artifacts) {
        this.set = set;
        this.jobs = jobs;
        this.artifacts = artifacts;
    }

    /** Whether no rows have to be compared with their hashes any more, which takes time. */
    public boolean areVerified() {
        return succeeded().allMatch(this::isVerified);
    }

    /** Compares rows with their hashes; what is wrong is in the table. */
    public void verify() throws IOException {
        for (JobId id : succeeded().filter(id -> !isVerified(id)).toList()) {
            try {
                artifacts.openRows(id).close();
            } catch (JobException e) {
                // Damaged or gone: its row will say so.
            }
        }
    }

    private Stream<JobId> succeeded() {
        return set.jobs().stream()
                .filter(id -> jobs.get(id) != null && jobs.get(id).job().state() == JobState.SUCCEEDED);
    }

    private boolean isVerified(JobId id) {
        try {
            return artifacts.areRowsVerified(id);
        } catch (JobException e) {
            // Deleted meanwhile.
            return true;
        }
    }

    /** Reads all rows. Each begins with the id of the job, its status and what varies of its parameters. */
    public CombinedReader reader(CombinedReader.Format format, ResultLimits limits) {
        List<String> lead = new ArrayList<>(List.of("job_id", "status"));
        lead.addAll(set.forEach().keySet());
        // Most jobs of a run set have the same columns.
        Map<List<Column>, List<Column>> shared = new HashMap<>();
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < set.jobs().size(); i++) {
            JobView view = jobs.get(set.jobs().get(i));
            List<Column> columns = view == null ? List.of() : columns(view.job());
            sources.add(new Source(i, shared.computeIfAbsent(columns, same -> same), view));
        }
        return new CombinedReader(lead, sources, format, limits);
    }

    private List<Column> columns(Job job) {
        try {
            return job.state() == JobState.SUCCEEDED
                    ? artifacts.result(job.id()).columns()
                    : List.of();
        } catch (JobException e) {
            return List.of();
        }
    }

    private final class Source implements CombinedReader.Source {
        private final int number;
        private final List<Column> columns;
        private final JobState state;
        private String status;

        Source(int number, List<Column> columns, JobView view) {
            this.number = number;
            this.columns = columns;
            this.state = view == null ? null : view.job().state();
            this.status = state == null ? GONE : state.name();
        }

        @Override
        public List<Column> columns() {
            return columns;
        }

        @Override
        public List<Object> lead() {
            List<Object> lead = new ArrayList<>();
            lead.add(set.jobs().get(number).toString());
            lead.add(status);
            lead.addAll(set.combination(number).values());
            return lead;
        }

        @Override
        public CombinedReader.Opened open() {
            if (state != JobState.SUCCEEDED) {
                return null;
            }
            JobId id = set.jobs().get(number);
            try {
                JobResult result = artifacts.result(id);
                SeekableByteChannel rows = artifacts.openRows(id);
                return new CombinedReader.Opened(result, rows);
            } catch (JobException e) {
                status = e.code() == ErrorCode.JOB_NOT_FOUND ? GONE : UNREADABLE;
                return null;
            }
        }
    }
}
