package tinderbox.spark;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import tinderbox.cluster.MasterProbe;

/**
 * What is known of the cluster and of a session on it.
 *
 * @param master the configured URL
 * @param answer what the masters said last; null if they were not asked yet
 * @param application Spark's id of the session; null if there is none
 * @param stopped whether Spark has stopped the session by itself
 * @param executors how many executors the session has
 * @param cores of all of them
 * @param problems why other executors get no tasks, a sentence for each
 * @param starts what is known of executors that are not there
 */
record ClusterView(
        String master,
        MasterProbe.Answer answer,
        String application,
        boolean stopped,
        int executors,
        int cores,
        List<String> problems,
        Starts starts) {
    /** What is known of executors that are not there. */
    enum Starts {
        /** They may be on their way. */
        UNDER_WAY,
        /** They should be there. */
        OVERDUE,
        /** They have ended instead of coming. */
        FAILING
    }

    private static final int MAX_PROBLEMS = 3;
    private static final String NONE_YET = "there is no executor yet";

    /** The state that follows from that. */
    SessionState state() {
        if (application == null) {
            return SessionState.CONNECTING;
        }
        if (stopped
                || (answer instanceof MasterProbe.Answered answered
                        && !answered.applications().containsKey(application))) {
            return SessionState.FORGOTTEN;
        }
        if (executors == 0) {
            return SessionState.NO_EXECUTORS;
        }
        return isAnswered() ? SessionState.READY : SessionState.DEGRADED;
    }

    /** Whether executors do not come, although the master has workers that are large enough for them. */
    boolean lacksExecutors() {
        return state() == SessionState.NO_EXECUTORS
                && problems.isEmpty()
                && answer instanceof MasterProbe.Answered answered
                && answered.workers().stream().anyMatch(worker -> worker.holds(needed(answered)));
    }

    /** How many workers the master knows. */
    int workers() {
        return answer instanceof MasterProbe.Answered answered
                ? answered.workers().size()
                : 0;
    }

    /** Whether the master says that an executor has ended by itself, and none has started since. */
    boolean executorEnded() {
        return answer instanceof MasterProbe.Answered answered
                && answered.applications().containsKey(application)
                && answered.applications().get(application).executorEnded();
    }

    private MasterProbe.Size needed(MasterProbe.Answered answered) {
        return answered.applications().get(application).executor();
    }

    /** Until the first answer, the master that has just taken the session counts as there. */
    private boolean isAnswered() {
        return answer == null || answer instanceof MasterProbe.Answered;
    }

    /** Why it is in this state. */
    String detail() {
        return switch (state()) {
            case CONNECTING -> isAnswered() ? "Spark connects to " + master : whySilent();
            case NO_EXECUTORS -> whyNone() + problemsInWords();
            case READY -> executorsInWords() + " on " + master + problemsInWords();
            case DEGRADED -> whySilent() + "; jobs run on " + executorsInWords() + problemsInWords();
            case FORGOTTEN ->
                stopped
                        ? "Spark has given up its session on " + master
                        : "the master " + master + " does not know the session any more";
        };
    }

    private String whyNone() {
        if (!isAnswered()) {
            return "there is no executor; " + whySilent();
        }
        if (!problems.isEmpty()) {
            return "there is no executor that gets tasks";
        }
        if (!(answer instanceof MasterProbe.Answered answered)) {
            return NONE_YET;
        }
        if (answered.workers().isEmpty()) {
            return "there is no executor, because no worker has registered with " + master + "; start a worker";
        }
        MasterProbe.Size needed = needed(answered);
        if (answered.workers().stream().noneMatch(worker -> worker.holds(needed))) {
            return "there is no executor, because each needs " + needed + ", and the largest worker of " + master
                    + " has " + largest(answered.workers()) + "; start a larger worker, or the server with less"
                    + " spark.executor.memory or spark.executor.cores";
        }
        return switch (starts) {
            case UNDER_WAY -> NONE_YET;
            case OVERDUE ->
                "there is no executor, because no worker of " + master + " has " + needed + " free, or executors do not"
                        + " reach the server; the web pages of the master and of its workers say which";
            case FAILING ->
                "there is no executor, because executors end when they start; the web pages of the workers of " + master
                        + " say why, such as a Java older than 17, wrong JVM options or too little memory";
        };
    }

    private static MasterProbe.Size largest(List<MasterProbe.Size> workers) {
        return workers.stream()
                .max(Comparator.comparingInt(MasterProbe.Size::memoryMib).thenComparing(MasterProbe.Size::cores))
                .orElseThrow();
    }

    private String problemsInWords() {
        return problems.stream()
                .limit(MAX_PROBLEMS)
                .map(problem -> ". " + problem)
                .collect(Collectors.joining());
    }

    private String executorsInWords() {
        return executors + (executors == 1 ? " executor" : " executors") + " with " + cores
                + (cores == 1 ? " core" : " cores");
    }

    /** Why no master answers. */
    private String whySilent() {
        if (answer instanceof MasterProbe.SecretProblem problem) {
            return problem.text();
        }
        return "the master " + master + " does not answer"
                + (answer instanceof MasterProbe.Unreachable unreachable ? ": " + unreachable.reason() : "");
    }
}
