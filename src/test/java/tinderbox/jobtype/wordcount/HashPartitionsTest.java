package tinderbox.jobtype.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HashPartitionsTest {
    @Test
    void aPartitionCanBeDividedFurther() {
        HashPartitions first = HashPartitions.first(1000);
        HashPartitions smaller = first.subdivide(16);
        int[] hashes = IntStream.rangeClosed(-800_000, 800_000)
                .filter(hash -> first.partitionOf(hash) == 7)
                .toArray();
        int[] sizes = new int[16];
        Arrays.stream(hashes).forEach(hash -> sizes[smaller.partitionOf(hash)]++);
        assertEquals(hashes.length, Arrays.stream(sizes).sum());
        Arrays.stream(sizes).forEach(size -> assertEquals(hashes.length / 16.0, size, 2));
    }

    @Test
    void hashesCanBeDividedUntilTheirBitsAreUsedUp() {
        assertTrue(HashPartitions.first(1 << 16).canSubdivide());
        assertTrue(HashPartitions.first(1 << 16).subdivide((1 << 16) - 1).canSubdivide());
        assertFalse(HashPartitions.first(1 << 16).subdivide(1 << 16).canSubdivide());
    }
}
