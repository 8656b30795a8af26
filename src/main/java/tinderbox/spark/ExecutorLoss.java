package tinderbox.spark;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tinderbox.common.Causes;

/** Why executors are lost, in plain words, and what that means for a job. */
final class ExecutorLoss {
    /** What Spark exits with after an OutOfMemoryError. */
    private static final int OUT_OF_MEMORY = 52;

    private static final int KILLED = 137;
    private static final Pattern EXIT_CODE = Pattern.compile("exited with code (\\d+)");
    private static final Pattern LOST =
            Pattern.compile("ExecutorLostFailure \\(executor (\\S+) [^)]*\\)(?: Reason: (.*))?");

    /** The beginning of the message of the exception with which Spark ends its job. */
    private static final String ABORTED = "Job aborted due to stage failure";

    private static final String FETCH_FAILED = "has failed the maximum allowable number of times";

    private ExecutorLoss() {}

    /** The reason that Spark gives, in a few words. */
    static String why(String reason) {
        Matcher code = EXIT_CODE.matcher(reason);
        if (code.find()) {
            int number = Integer.parseInt(code.group(1));
            return number == OUT_OF_MEMORY
                    ? "it ran out of memory"
                    : number == KILLED ? "it was killed (exit code 137)" : "it exited with code " + number;
        }
        if (reason.contains("heartbeat timed out")) {
            return "it does not answer";
        }
        if (reason.contains("disassociated")) {
            return "it has ended, or cannot be reached";
        }
        if (reason.toLowerCase(Locale.ROOT).contains("worker lost")
                || reason.contains("worker-")
                || reason.contains("Worker")) {
            return "its worker is gone";
        }
        return reason.lines().findFirst().orElse("for an unknown reason");
    }

    static boolean isOutOfMemory(String reason) {
        Matcher code = EXIT_CODE.matcher(reason);
        return code.find() && Integer.parseInt(code.group(1)) == OUT_OF_MEMORY;
    }

    /** Whether Spark gave up because a task ran out of memory on each executor that tried it. */
    static boolean isOutOfMemory(Throwable thrown) {
        return Causes.of(thrown)
                .map(Throwable::getMessage)
                .anyMatch(message -> message != null
                        && message.startsWith(ABORTED)
                        && (isOutOfMemory(message) || message.contains(OutOfMemoryError.class.getName())));
    }

    /** Whether Spark gave up because tasks, or what they had written, were lost with their executors again and again. */
    static Optional<String> of(Throwable thrown) {
        return Causes.of(thrown)
                .map(Throwable::getMessage)
                .filter(message -> message != null && message.startsWith(ABORTED))
                .findFirst()
                .flatMap(ExecutorLoss::ofMessage);
    }

    private static Optional<String> ofMessage(String message) {
        String first = message.lines().findFirst().orElse("");
        Matcher lost = LOST.matcher(message);
        if (lost.find()) {
            return Optional.of("a task lost its executor again and again, the last time executor " + lost.group(1)
                    + ": " + why(lost.group(2) == null ? "" : lost.group(2)));
        }
        return first.contains(FETCH_FAILED)
                ? Optional.of("what tasks had written was lost with its executors again and again")
                : Optional.empty();
    }
}
