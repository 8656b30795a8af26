package tinderbox.http.json;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.util.List;
import tinderbox.job.JobId;
import tinderbox.job.log.LogPage;

/**
 * A page of a job's log.
 *
 * @param from the number of the first line that the page covers
 * @param next the number to ask for next
 * @param total how many lines the log has had so far
 * @param truncatedBefore lines below this number are gone
 * @param eof true once no more lines will follow
 */
@CompiledJson
public record LogPageJson(
        @JsonAttribute(name = "job_id") String jobId,
        long from,
        long next,
        long total,
        @JsonAttribute(name = "truncated_before") long truncatedBefore,
        boolean eof,
        List<LogLineJson> lines) {
    public static LogPageJson of(JobId id, LogPage page) {
        List<LogLineJson> lines = page.lines().stream().map(LogLineJson::of).toList();
        return new LogPageJson(
                id.toString(), page.from(), page.next(), page.total(), page.truncatedBefore(), page.eof(), lines);
    }
}
