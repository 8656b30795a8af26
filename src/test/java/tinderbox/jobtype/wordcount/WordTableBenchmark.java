package tinderbox.jobtype.wordcount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The steps of counting a novel of 1.2 MB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WordTableBenchmark {
    private final WordTable counted = new WordTable();
    private final TokenNormalizer normalizer = new TokenNormalizer(false, false, 1);
    private byte[] text;
    private int length;

    @Setup
    public void read() throws IOException {
        text = Files.readAllBytes(Path.of("sample-data/moby-dick.txt"));
        length = text.length;
        text = Arrays.copyOf(text, length + Tokenizer.PADDING);
        new Tokenizer(counted, true).count(text, 0, length);
    }

    /** Splits, converts to lower case and counts, into a table that has all the words. */
    @Benchmark
    public int countAgain() {
        return new Tokenizer(counted, true).count(text, 0, length);
    }

    /** As above, into a new table. */
    @Benchmark
    public int countIntoNewTable() {
        WordTable table = new WordTable();
        new Tokenizer(table, true).count(text, 0, length);
        return table.size();
    }

    /** Normalizes the distinct words. */
    @Benchmark
    public int normalize() throws IOException {
        normalizer.apply(counted);
        return counted.size();
    }

    /** Sorts the distinct words in the order of the result. */
    @Benchmark
    public int order() {
        return ResultOrder.of(counted, () -> {}).length;
    }
}
