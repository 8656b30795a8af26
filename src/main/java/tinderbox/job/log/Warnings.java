package tinderbox.job.log;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a user should know of an attempt that can succeed all the same, such as files that were passed over. Each warning
 * is a plain sentence; it goes to the job's log as well. Any thread may add one.
 */
public final class Warnings {
    /** How many are kept; the others are only counted. */
    public static final int MOST = 20;

    /** A longer one is cut, in characters. */
    private static final int MOST_CHARS = 500;

    private final JobLog log;
    private final Set<String> kept = new LinkedHashSet<>();
    private long more;

    /** No warnings yet. */
    public Warnings(JobLog log) {
        this.log = log;
    }

    /** Adds a sentence, unless it is there already. */
    public void add(String sentence) {
        log.warn(sentence);
        String shown = log.redacted(sentence);
        String cut = cut(shown);
        synchronized (this) {
            if (kept.size() < MOST) {
                kept.add(cut);
            } else if (!kept.contains(cut)) {
                more++;
            }
        }
    }

    private static String cut(String text) {
        if (text.length() <= MOST_CHARS) {
            return text;
        }
        int end = MOST_CHARS - 1;
        // Half a character could not be written as UTF-8.
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    /** All that are kept, and a last one that counts those that are not. */
    public synchronized List<String> toList() {
        List<String> all = new ArrayList<>(kept);
        if (more > 0) {
            all.add("… and " + more + " more; the job's log has them all.");
        }
        return List.copyOf(all);
    }
}
