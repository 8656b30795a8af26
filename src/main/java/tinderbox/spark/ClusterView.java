package tinderbox.spark;

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
 */
record ClusterView(
        String master,
        MasterProbe.Answer answer,
        String application,
        boolean stopped,
        int executors,
        int cores,
        List<String> problems) {
    private static final int MAX_PROBLEMS = 3;

    /** The state that follows from that. */
    SessionState state() {
        if (application == null) {
            return SessionState.CONNECTING;
        }
        if (stopped
                || (answer instanceof MasterProbe.Answered answered
                        && !answered.applications().contains(application))) {
            return SessionState.FORGOTTEN;
        }
        if (executors == 0) {
            return SessionState.NO_EXECUTORS;
        }
        return isAnswered() ? SessionState.READY : SessionState.DEGRADED;
    }

    /** Until the first answer, the master that has just taken the session counts as there. */
    private boolean isAnswered() {
        return answer == null || answer instanceof MasterProbe.Answered;
    }

    /** Why it is in this state. */
    String detail() {
        return switch (state()) {
            case CONNECTING -> isAnswered() ? "Spark connects to " + master : whySilent();
            case NO_EXECUTORS -> "there is no executor; " + whyNone() + problemsInWords();
            case READY -> executorsInWords() + " on " + master + problemsInWords();
            case DEGRADED -> whySilent() + "; jobs run on " + executorsInWords() + problemsInWords();
            case FORGOTTEN ->
                stopped
                        ? "Spark has given up its session on " + master
                        : "the master " + master + " does not know the session any more";
        };
    }

    private String whyNone() {
        return isAnswered()
                ? "no worker of " + master + " has free cores and memory for one, or its executors do not start"
                : whySilent();
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
        if (answer instanceof MasterProbe.Unreachable unreachable) {
            return "the master " + master + " does not answer: " + unreachable.reason();
        }
        if (answer instanceof MasterProbe.WrongSecret wrong) {
            return "the master " + wrong.master()
                    + " refuses the server's secret; give --cluster-secret-file a copy of the" + " master's file";
        }
        if (answer instanceof MasterProbe.SecretMissingHere missing) {
            return "the master " + missing.master()
                    + " demands a secret; give --cluster-secret-file a copy of its file";
        }
        if (answer instanceof MasterProbe.SecretMissingThere missing) {
            return "the master " + missing.master() + " has no secret, but the server has; restart the master with"
                    + " --cluster-secret-file";
        }
        return "";
    }
}
