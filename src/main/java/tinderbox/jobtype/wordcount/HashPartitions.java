package tinderbox.jobtype.wordcount;

import java.io.Serializable;

/**
 * Divides words into partitions by their hashes.
 *
 * @param divisor the number of partitions that the words have been divided into before. Words of one of these have the
 *     same hash modulo {@code divisor}, so only the quotient divides them further.
 * @param count the number of partitions
 */
record HashPartitions(long divisor, int count) implements Serializable {
    private static final long HASHES = 1L << Integer.SIZE;

    /** Partitions of all words. */
    static HashPartitions first(int count) {
        return new HashPartitions(1, count);
    }

    /** Partitions of the words of one of these partitions. */
    HashPartitions subdivide(int newCount) {
        return new HashPartitions(divisor * count, newCount);
    }

    /** Whether the hashes have bits left to divide by. */
    boolean canSubdivide() {
        return divisor * count < HASHES;
    }

    /** The index of the partition of a word with this hash, from 0. */
    int partitionOf(int hash) {
        return (int) (Integer.toUnsignedLong(hash) / divisor % count);
    }
}
