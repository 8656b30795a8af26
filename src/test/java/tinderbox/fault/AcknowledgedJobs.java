package tinderbox.fault;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** What clients were told by a server, and so what must be true for ever after. Safe for many threads. */
final class AcknowledgedJobs {
    private final Map<String, Promise> promises = new LinkedHashMap<>();
    private final List<String> ids = new ArrayList<>();
    private final List<String> withoutKey = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private final Map<String, String> jobOfKey = new LinkedHashMap<>();
    private final Set<String> broken = new TreeSet<>();
    private int lost;

    /** What is known of one acknowledged job. */
    private static final class Promise {
        private boolean cancelAsked;
        private boolean cancelled;
        private boolean deleteAsked;
        private boolean deleted;
        private boolean lost;
        private String ended;
    }

    /** A key that is about to be used; whether the server hears of it is not known. */
    synchronized void willUse(String key) {
        keys.add(key);
    }

    /** A job was acknowledged; {@code key} may be null. */
    synchronized void accepted(String id, String key) {
        if (promises.putIfAbsent(id, new Promise()) == null) {
            ids.add(id);
            if (key == null) {
                withoutKey.add(id);
            }
        }
        if (key != null) {
            String earlier = jobOfKey.putIfAbsent(key, id);
            if (earlier != null && !earlier.equals(id)) {
                broken.add("key " + key + " gave job " + earlier + " and job " + id);
            }
        }
    }

    synchronized void cancelAsked(String id) {
        promises.get(id).cancelAsked = true;
    }

    synchronized void cancelled(String id) {
        promises.get(id).cancelled = true;
    }

    synchronized void deleteAsked(String id) {
        promises.get(id).deleteAsked = true;
    }

    synchronized void deleted(String id) {
        promises.get(id).deleted = true;
    }

    /** The server knows the job, in this state. */
    synchronized void seen(String id, String state) {
        Promise promise = promises.get(id);
        if (promise == null) {
            return;
        }
        if (promise.deleted) {
            broken.add("job " + id + " was deleted and is " + state);
        }
        if (promise.ended != null && !promise.ended.equals(state)) {
            broken.add("job " + id + " was " + promise.ended + " and became " + state);
        }
        if (isEnd(state)) {
            promise.ended = state;
            boolean right = promise.cancelled
                    ? state.equals("CANCELLED")
                    : state.equals("SUCCEEDED") || (promise.cancelAsked && state.equals("CANCELLED"));
            if (!right) {
                broken.add("job " + id + " ended " + state + (promise.cancelled ? " after it was cancelled" : ""));
            }
        }
    }

    /** The server does not know the job. */
    synchronized void notSeen(String id) {
        Promise promise = promises.get(id);
        if (promise.deleteAsked) {
            promise.deleted = true;
        } else if (!promise.lost) {
            promise.lost = true;
            lost++;
            broken.add("job " + id + " is lost");
        }
    }

    /** Something else is not as it must be. */
    synchronized void broken(String what) {
        broken.add(what);
    }

    private static boolean isEnd(String state) {
        return state.equals("SUCCEEDED") || state.equals("FAILED") || state.equals("CANCELLED");
    }

    /** Some job, or null where there is none. */
    synchronized String anyJob(Random random) {
        return ids.isEmpty() ? null : ids.get(random.nextInt(ids.size()));
    }

    /** Some job that may be deleted: deleting one with a key would free the key. Null where there is none. */
    synchronized String anyWithoutKey(Random random) {
        return withoutKey.isEmpty() ? null : withoutKey.get(random.nextInt(withoutKey.size()));
    }

    /** Some key that was used, or null where there is none. */
    synchronized String anyKey(Random random) {
        return keys.isEmpty() ? null : keys.get(random.nextInt(keys.size()));
    }

    /** The keys of which nobody knows whether there is a job. */
    synchronized List<String> unansweredKeys() {
        return keys.stream().filter(key -> !jobOfKey.containsKey(key)).toList();
    }

    /** Every job that must be there. */
    synchronized List<String> kept() {
        return ids.stream().filter(id -> !promises.get(id).deleted).toList();
    }

    synchronized int acknowledged() {
        return ids.size();
    }

    synchronized int lost() {
        return lost;
    }

    /** What is not as it must be, in words. */
    synchronized List<String> broken() {
        return List.copyOf(broken);
    }
}
