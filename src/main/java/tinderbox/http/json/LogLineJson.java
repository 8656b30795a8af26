package tinderbox.http.json;

import com.dslplatform.json.CompiledJson;
import java.time.Instant;
import tinderbox.job.log.LogLine;

/** One line of a job's log. */
@CompiledJson
public record LogLineJson(long n, Instant time, String level, String text) {
    public static LogLineJson of(LogLine line) {
        return new LogLineJson(line.n(), line.time(), line.level().name(), line.text());
    }
}
