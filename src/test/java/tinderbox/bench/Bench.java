package tinderbox.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures what users feel, each figure from real processes on this machine: {@code ./run.sh bench [NAME]}. */
public final class Bench {
    /** One of the benchmarks, with the options that follow its name. */
    @FunctionalInterface
    private interface Program {
        void run(List<String> options) throws Exception;
    }

    /** Takes long, and is for those who change a function: only where it is named. */
    private static final String FUNCTIONS = "functions";

    /** An option that a benchmark does not know, or a value that is none. */
    static final class UnknownOptionException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        UnknownOptionException(String option) {
            super("bench: " + option + " is no option, or its value is missing or wrong");
        }
    }

    private Bench() {}

    /** In the order in which they run where none is named. */
    private static Map<String, Program> programs() {
        Map<String, Program> programs = new LinkedHashMap<>();
        programs.put("words", WordsBench::run);
        programs.put(
                "server", options -> ServerBench.run(options.isEmpty() ? ServerBench.JOBS : number(options.get(0))));
        programs.put("start", options -> StartBench.run());
        programs.put("live", options -> LiveBench.run());
        programs.put("page", options -> PageBench.run());
        programs.put(FUNCTIONS, FunctionsBench::run);
        return programs;
    }

    /** A whole number of an option. */
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
                System.err.println(e.getMessage() + "; the head of run.sh tells the options of each benchmark");
                System.exit(2);
            }
        } else {
            System.err.println("usage: ./run.sh bench [" + String.join("|", programs.keySet()) + "] [OPTIONS]");
            System.exit(2);
        }
    }
}
