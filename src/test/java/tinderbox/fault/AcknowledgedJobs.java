package tinderbox.fault;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** The jobs that a server has acknowledged to clients, and violations of these promises. Thread-safe. */
final class AcknowledgedJobs {
    private final Map<String, JobRecord> jobRecords = new LinkedHashMap<>();
    private final List<String> ids = new ArrayList<>();
    private final List<String> withoutKey = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private final Map<String, String> jobOfKey = new LinkedHashMap<>();
    private final Set<String> violations = new TreeSet<>();
    private int lost;

    private static final class JobRecord {
        private boolean cancelRequested;
        private boolean cancelled;
        private boolean deleteRequested;
        private boolean deleted;
        private boolean lost;
        private String ended;
    }

    /** An idempotency key is about to be used; the server may never receive it. */
    synchronized void willUse(String key) {
        keys.add(key);
    }

    /** A job was acknowledged; {@code key} may be null. */
    synchronized void accepted(String id, String key) {
        if (jobRecords.putIfAbsent(id, new JobRecord()) == null) {
            ids.add(id);
            if (key == null) {
                withoutKey.add(id);
            }
        }
        if (key != null) {
            String earlier = jobOfKey.putIfAbsent(key, id);
            if (earlier != null && !earlier.equals(id)) {
                violations.add("key " + key + " gave job " + earlier + " and job " + id);
            }
        }
    }

    synchronized void cancelRequested(String id) {
        jobRecords.get(id).cancelRequested = true;
    }

    synchronized void cancelled(String id) {
        jobRecords.get(id).cancelled = true;
    }

    synchronized void deleteRequested(String id) {
        jobRecords.get(id).deleteRequested = true;
    }

    synchronized void deleted(String id) {
        jobRecords.get(id).deleted = true;
    }

    /** The server has the job, in this state. */
    synchronized void found(String id, String state) {
        JobRecord jobRecord = jobRecords.get(id);
        if (jobRecord == null) {
            return;
        }
        if (jobRecord.deleted) {
            violations.add("job " + id + " was deleted and is " + state);
        }
        if (jobRecord.ended != null && !jobRecord.ended.equals(state)) {
            violations.add("job " + id + " was " + jobRecord.ended + " and became " + state);
        }
        if (isTerminal(state)) {
            jobRecord.ended = state;
            boolean allowed = jobRecord.cancelled
                    ? state.equals("CANCELLED")
                    : state.equals("SUCCEEDED") || (jobRecord.cancelRequested && state.equals("CANCELLED"));
            if (!allowed) {
                violations.add(
                        "job " + id + " ended " + state + (jobRecord.cancelled ? " after it was cancelled" : ""));
            }
        }
    }

    /** The server does not have the job. */
    synchronized void missing(String id) {
        JobRecord jobRecord = jobRecords.get(id);
        if (jobRecord.deleteRequested) {
            jobRecord.deleted = true;
        } else if (!jobRecord.lost) {
            jobRecord.lost = true;
            lost++;
            violations.add("job " + id + " is lost");
        }
    }

    /** Adds another violation. */
    synchronized void violations(String what) {
        violations.add(what);
    }

    private static boolean isTerminal(String state) {
        return state.equals("SUCCEEDED") || state.equals("FAILED") || state.equals("CANCELLED");
    }

    /** Some job, or null if there is none. */
    synchronized String anyJob(Random random) {
        return ids.isEmpty() ? null : ids.get(random.nextInt(ids.size()));
    }

    /** Some job without a key, which may be deleted: deleting one with a key would free the key. Null if there is none. */
    synchronized String anyWithoutKey(Random random) {
        return withoutKey.isEmpty() ? null : withoutKey.get(random.nextInt(withoutKey.size()));
    }

    /** Some key that was used, or null if there is none. */
    synchronized String anyKey(Random random) {
        return keys.isEmpty() ? null : keys.get(random.nextInt(keys.size()));
    }

    /** The keys whose requests got no response. */
    synchronized List<String> unansweredKeys() {
        return keys.stream().filter(key -> !jobOfKey.containsKey(key)).toList();
    }

    /** Every job that the server must have. */
    synchronized List<String> expected() {
        return ids.stream().filter(id -> !jobRecords.get(id).deleted).toList();
    }

    synchronized int acknowledged() {
        return ids.size();
    }

    synchronized int lost() {
        return lost;
    }

    /** Descriptions of all violations. */
    synchronized List<String> violations() {
        return List.copyOf(violations);
    }
}
