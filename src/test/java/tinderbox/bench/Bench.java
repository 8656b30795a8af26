package tinderbox.bench;

import java.util.Arrays;
import java.util.List;

/** Measures what users feel, each figure from real processes on this machine: {@code ./run.sh bench NAME}. */
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> names = Arrays.asList(arguments);
        if (names.equals(List.of("live"))) {
            LiveBench.run();
        } else if (names.equals(List.of("page"))) {
            PageBench.run();
        } else if (names.equals(List.of("start"))) {
            StartBench.run();
        } else {
            System.err.println("usage: ./run.sh bench live|page|start");
            System.exit(2);
        }
    }
}
