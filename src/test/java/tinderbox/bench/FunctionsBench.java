package tinderbox.bench;

import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** Measures single functions with JMH: all classes named {@code …Benchmark}, or those that JMH's options choose. */
final class FunctionsBench {
    private FunctionsBench() {}

    static void run(List<String> options) throws CommandLineOptionException, RunnerException {
        new Runner(new CommandLineOptions(options.toArray(String[]::new))).run();
    }
}
