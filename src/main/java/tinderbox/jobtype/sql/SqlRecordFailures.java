package tinderbox.jobtype.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.univocity.parsers.common.TextParsingException;
import java.util.List;
import org.apache.spark.SparkThrowable;
import tinderbox.common.Causes;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.jobtype.JobContext;

/** Explains that a record of a file is not what the query says, or what the beginning of the file has let expect. */
final class SqlRecordFailures {
    private static final int MAX_RECORD = 200;

    private static final String HINT =
            "correct the file, or tell how to read it: schema => 'id INT, day DATE' names columns and types, multiline =>"
                    + " true is for values with line ends, and mode => 'PERMISSIVE' makes nulls of what does not fit";

    private SqlRecordFailures() {}

    /** A better exception if a record is the reason; otherwise {@code e} itself. */
    static Exception explain(Exception e, JobContext context) {
        List<Throwable> chain = Causes.of(e).toList();
        boolean isOfFile = chain.stream().anyMatch(link -> condition(link).startsWith("FAILED_READ_FILE"));
        String problem = isOfFile ? problem(chain) : null;
        if (problem == null) {
            return e;
        }
        String file = context.fileNamedBy(e).map(path -> "The file " + path).orElse("A file of an input");
        return new JobException(ErrorCode.INVALID_INPUT, file + " " + problem, HINT, e);
    }

    private static String problem(List<Throwable> chain) {
        boolean isMalformed = false;
        for (Throwable link : chain) {
            if (condition(link).startsWith("MALFORMED_CSV_RECORD")) {
                String record = ((SparkThrowable) link).getMessageParameters().get("badRecord");
                return "has a record with too few or too many values: " + shortened(record)
                        + (record.contains("\t") ? "" : Separators.hint(record));
            }
            if (link instanceof TextParsingException) {
                return "has a value that is too long, or a record with too many values; is a quote missing?";
            }
            if (link instanceof JsonProcessingException json) {
                return "has a record that is not JSON: " + json(json);
            }
            isMalformed |= condition(link).startsWith("MALFORMED_RECORD_IN_PARSING");
        }
        return isMalformed
                ? "has a record that does not fit the types of its columns: "
                        + shortened(chain.get(chain.size() - 1).getMessage())
                : null;
    }

    private static String condition(Throwable link) {
        String condition = link instanceof SparkThrowable spark ? spark.getCondition() : null;
        return condition == null ? "" : condition;
    }

    /** What is wrong with a record that is not JSON. */
    static String json(JsonProcessingException e) {
        String message = shortened(e.getOriginalMessage());
        return message.startsWith("Unexpected end-of-input")
                ? "a line ends before its value does; if values go over several lines, give multiline => true"
                : message.replaceAll("\\s*\\(?(?:start marker )?at \\[Source: .*", "");
    }

    /** A text of a file or library in one line, not too long. */
    static String shortened(String text) {
        String line = String.valueOf(text)
                .replaceFirst("^\\[[A-Z0-9_.]+]\\s*", "")
                .replaceFirst("\\s*SQLSTATE: \\w+\\s*$", "")
                .replaceAll("\\s+", " ")
                .strip();
        return line.codePointCount(0, line.length()) <= MAX_RECORD
                ? line
                : line.substring(0, line.offsetByCodePoints(0, MAX_RECORD)) + "…";
    }
}
