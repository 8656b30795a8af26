package tinderbox.jobtype.wordcount;

import java.io.Serializable;

/**
 * How words are divided by their hashes.
 *
 * @param earlier into how many divisions they have been divided before; words of one of those agree in the remainder
 * @param count into how many they, or those of one such division, are divided now
 */
record HashPartitions(long earlier, int count) implements Serializable {
    private static final long HASHES = 1L << Integer.SIZE;

    /** Divides all words. */
    static HashPartitions first(int count) {
        return new HashPartitions(1, count);
    }

    /** Divides the words of any one of these divisions further, by what is left of their hashes. */
    HashPartitions subdivide(int newCount) {
        return new HashPartitions(earlier * count, newCount);
    }

    /** Whether anything is left of the hashes. */
    boolean canBeDivided() {
        return earlier * count < HASHES;
    }

    /** The division of a word with this hash, from 0. */
    int of(int hash) {
        return (int) (Integer.toUnsignedLong(hash) / earlier % count);
    }
}
