package tinderbox.job.log;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a user should know about an attempt that can still succeed, such as skipped files. Each warning is a plain sentence
 * and is also written to the job's log. Thread-safe.
 */
public final class Warnings {
    /** The maximum number of warnings; more are only counted. */
    public static final int MAX_WARNINGS = 20;

    /** The maximum length of a warning, in characters; longer ones are truncated. */
    private static final int MAX_CHARS = 500;

    private final JobLog log;
    private final Set<String> warnings = new LinkedHashSet<>();
    private long more;

    public Warnings(JobLog log) {
        this.log = log;
    }

    /** Adds a sentence, unless it was added before. */
    public void add(String sentence) {
        log.warn(sentence);
        String redacted = log.redacted(sentence);
        String warning = truncate(redacted);
        synchronized (this) {
            if (warnings.size() < MAX_WARNINGS) {
                warnings.add(warning);
            } else if (!warnings.contains(warning)) {
                more++;
            }
        }
    }

    private static String truncate(String text) {
        if (text.length() <= MAX_CHARS) {
            return text;
        }
        int end = MAX_CHARS - 1;
        // An unpaired surrogate could not be written as UTF-8.
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    /** The warnings, and a last one with the number of those beyond the maximum. */
    public synchronized List<String> toList() {
        List<String> all = new ArrayList<>(warnings);
        if (more > 0) {
            all.add("… and " + more + " more; the job's log has them all.");
        }
        return List.copyOf(all);
    }
}
