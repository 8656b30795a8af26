package tinderbox.job.result;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The time to format one row as CSV. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CsvBenchmark {
    private final StringBuilder out = new StringBuilder();
    private final List<String> plain = List.of("whale", "1226");
    private final List<String> quoted = List.of("\"whale,", "1226");

    /** A plain word. */
    @Benchmark
    public int plainRow() {
        return length(plain);
    }

    /** A word with a comma and a quote. */
    @Benchmark
    public int quotedRow() {
        return length(quoted);
    }

    private int length(List<String> row) {
        out.setLength(0);
        Csv.append(out, row);
        return out.length();
    }
}
