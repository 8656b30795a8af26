package tinderbox.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the benchmarks: {@code ./run.sh bench [NAME]}. All figures come from real processes on this machine. */
public final class Bench {
    /** A benchmark, called with its options. */
    @FunctionalInterface
    private interface Program {
        void run(List<String> options) throws Exception;
    }

    /** Takes long, so it runs only if it is named. */
    private static final String FUNCTIONS = "functions";

    /** An unknown option, or an invalid value. */
    static final class UnknownOptionException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        UnknownOptionException(String option) {
            super("bench: " + option + " is not an option, or its value is missing or wrong");
        }
    }

    private Bench() {}

    /** All benchmarks, in the order in which they run if none is named. */
    private static Map<String, Program> programs() {
        Map<String, Program> programs = new LinkedHashMap<>();
        programs.put("words", WordsBench::run);
        programs.put(
                "server", options -> ServerBench.run(options.isEmpty() ? ServerBench.JOBS : number(options.get(0))));
        programs.put("sql", SqlBench::run);
        programs.put("start", options -> StartBench.run());
        programs.put("live", options -> LiveBench.run());
        programs.put("page", options -> PageBench.run());
        programs.put("class", options -> ClassBench.run());
        programs.put("cluster", ClusterBench::run);
        programs.put(FUNCTIONS, FunctionsBench::run);
        return programs;
    }

    /** Parses the value of an option. */
    static int number(String text) {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            throw new UnknownOptionException(text);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, Program> programs = programs();
        List<String> names = Arrays.asList(arguments);
        if (names.isEmpty()) {
            programs.remove(FUNCTIONS);
            for (Map.Entry<String, Program> program : programs.entrySet()) {
                System.out.println("== " + program.getKey());
                program.getValue().run(List.of());
            }
        } else if (programs.containsKey(names.get(0))) {
            try {
                programs.get(names.get(0)).run(names.subList(1, names.size()));
            } catch (UnknownOptionException e) {
                System.err.println(e.getMessage() + "; the head of run.sh lists the options of each benchmark");
                System.exit(2);
            }
        } else {
            System.err.println("usage: ./run.sh bench [" + String.join("|", programs.keySet()) + "] [OPTIONS]");
            System.exit(2);
        }
    }
}
