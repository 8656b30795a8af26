package tinderbox.store.index;

import java.util.HashMap;
import java.util.Map;

/**
 * The labels of the jobs of each submitter, at most {@value #MAX_EACH} of one, so that nobody's labels keep out those of all
 * others, and {@value #MAX} in all: others are not known until some of these are gone. Not thread-safe.
 */
final class KnownLabels {
    private static final int MAX = 10_000;
    private static final int MAX_EACH = 1_000;

    /** By submitter and by the hash of key and value. */
    private final Map<String, Map<Long, Known>> labels = new HashMap<>();

    private int size;

    private static final class Known {
        private final String text;
        private int jobs;

        private Known(String text) {
            this.text = text;
        }
    }

    /** Counts the labels of a job. */
    void add(String submitter, Map<String, String> ofJob) {
        for (Map.Entry<String, String> each : ofJob.entrySet()) {
            long hash = LabelHashes.hash(each.getKey(), each.getValue());
            Map<Long, Known> own = labels.computeIfAbsent(submitter, name -> new HashMap<>());
            Known known = own.get(hash);
            if (known == null && size < MAX && own.size() < MAX_EACH) {
                known = new Known(each.getValue().isEmpty() ? each.getKey() : each.getKey() + ":" + each.getValue());
                own.put(hash, known);
                size++;
            }
            if (known != null) {
                known.jobs++;
            }
        }
    }

    /** Counts the labels of a job no longer. */
    void remove(String submitter, LabelHashes ofJob) {
        Map<Long, Known> own = labels.getOrDefault(submitter, Map.of());
        for (long hash : ofJob.ofLabels()) {
            Known known = own.get(hash);
            if (known != null && --known.jobs == 0) {
                own.remove(hash);
                size--;
            }
        }
        if (own.isEmpty()) {
            labels.remove(submitter);
        }
    }

    /** Adds the labels of a submitter with the numbers of jobs that have them. */
    void addTo(Map<String, Long> counts, String submitter) {
        labels.getOrDefault(submitter, Map.of())
                .values()
                .forEach(known -> counts.merge(known.text, (long) known.jobs, Long::sum));
    }
}
