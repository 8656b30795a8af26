package tinderbox.store.index;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import tinderbox.job.JobFilter;

/**
 * The labels of a job as hashes of 64 bits, two for each: one of its key, and one of key and value. So the longest labels
 * need no more memory than the shortest. A filter takes any of a million jobs for another with a probability of less than
 * one in a hundred billion, and the hashes begin with a random number, so that nobody can prepare labels with equal ones.
 */
final class LabelHashes {
    private static final long START = new SecureRandom().nextLong();
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final LabelHashes NONE = new LabelHashes(new long[0]);

    private final long[] hashes;

    private LabelHashes(long[] hashes) {
        this.hashes = hashes;
    }

    /** The hashes of these labels. */
    static LabelHashes of(Map<String, String> labels) {
        return labels.isEmpty()
                ? NONE
                : new LabelHashes(labels.entrySet().stream()
                        .flatMapToLong(label ->
                                LongStream.of(hash(label.getKey(), null), hash(label.getKey(), label.getValue())))
                        .toArray());
    }

    /** What {@link #hasAll} looks for. */
    static long[] wanted(List<JobFilter.Label> labels) {
        return labels.stream()
                .mapToLong(label -> hash(label.key(), label.value()))
                .toArray();
    }

    /** Whether all these hashes are here. */
    boolean hasAll(long[] wanted) {
        for (long each : wanted) {
            if (LongStream.of(hashes).noneMatch(hash -> hash == each)) {
                return false;
            }
        }
        return true;
    }

    /** Those of key and value, one for each label. */
    long[] ofLabels() {
        return IntStream.range(0, hashes.length / 2)
                .mapToLong(label -> hashes[2 * label + 1])
                .toArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelHashes that && Arrays.equals(hashes, that.hashes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hashes);
    }

    /** FNV-1a over the characters, with the last step of MurmurHash3. */
    static long hash(String key, String value) {
        String label = value == null ? key : key + ":" + value;
        long hash = START;
        for (int i = 0; i < label.length(); i++) {
            hash = (hash ^ label.charAt(i)) * FNV_PRIME;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
