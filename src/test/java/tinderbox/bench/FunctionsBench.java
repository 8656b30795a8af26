package tinderbox.bench;

import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** Single functions, measured by JMH: all classes named {@code …Benchmark}, or as JMH's own options say. */
final class FunctionsBench {
    private FunctionsBench() {}

    static void run(List<String> options) throws CommandLineOptionException, RunnerException {
        new Runner(new CommandLineOptions(options.toArray(String[]::new))).run();
    }
}
