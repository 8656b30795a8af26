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
        } else if (!names.isEmpty() && names.size() <= 2 && names.get(0).equals("server")) {
            ServerBench.run(names.size() == 2 ? Integer.parseInt(names.get(1)) : ServerBench.JOBS);
        } else {
            System.err.println("usage: ./run.sh bench live|page|server [JOBS]");
            System.exit(2);
        }
    }
}
