package tinderbox.support;

import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;

/** A job that logs and prints a word in every way that a job can. */
public final class PrintingJob implements JobType<PrintingJob.Request> {
    private static final Logger LOG = LoggerFactory.getLogger(PrintingJob.class);
    private static final ParamSpec<String> WORD = ParamSpec.string("word");
    private static final ParamSpec<Long> LONG_LINES =
            ParamSpec.integer("long_lines", 0, 100_000).defaultsTo(0L);
    private static final int LONG_LINE_CHARS = 8_100;

    /** If {@code longLines} is not 0, the job prints that many long lines instead, and fails. */
    public record Request(String word, long longLines) {}

    @Override
    public String name() {
        return "printing";
    }

    @Override
    public String title() {
        return "Printing";
    }

    @Override
    public String description() {
        return "Logs and prints.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of(WORD, LONG_LINES);
    }

    @Override
    public Request parse(Params params) {
        return new Request(params.get(WORD), params.get(LONG_LINES));
    }

    @Override
    public Map<String, Object> run(Request request, JobContext context) throws Exception {
        String word = request.word();
        for (long i = 0; i < request.longLines(); i++) {
            System.out.println("x".repeat(LONG_LINE_CHARS));
        }
        if (request.longLines() > 0) {
            throw new IllegalStateException("that was too much " + word);
        }
        LOG.info("driver logs {}", word);
        LOG.debug("driver whispers {}", word);
        System.out.println("driver prints " + word);
        System.err.println("driver complains " + word);
        System.out.printf("driver %s", "begins ");
        System.out.append(word).write('\n');
        Thread child = new Thread(() -> System.out.println("child prints " + word));
        child.start();
        child.join();
        BlockingJob.gate(word).pass();
        new JavaSparkContext(context.spark().sparkContext())
                .parallelize(List.of(1, 2, 3, 4), 4)
                .foreach(number -> printInTask(word));
        context.spark().sql("SELECT '" + word + "' AS shown").show();
        System.out.print("no end to " + word);
        return Map.of();
    }

    private static void printInTask(String word) {
        System.out.println("task prints " + word);
        LOG.warn("task logs {}", word);
    }
}
