package tinderbox.jobtype.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DivisionsTest {
    @Test
    void whatIsInOneDivisionIsDividedFurther() {
        Divisions first = Divisions.first(1000);
        Divisions further = first.further(16);
        int[] hashes = IntStream.rangeClosed(-800_000, 800_000)
                .filter(hash -> first.of(hash) == 7)
                .toArray();
        int[] sizes = new int[16];
        Arrays.stream(hashes).forEach(hash -> sizes[further.of(hash)]++);
        assertEquals(hashes.length, Arrays.stream(sizes).sum());
        Arrays.stream(sizes).forEach(size -> assertEquals(hashes.length / 16.0, size, 2));
    }

    @Test
    void whenNothingIsLeftOfTheHashesThatEnds() {
        assertTrue(Divisions.first(1 << 16).canBeDivided());
        assertTrue(Divisions.first(1 << 16).further((1 << 16) - 1).canBeDivided());
        assertFalse(Divisions.first(1 << 16).further(1 << 16).canBeDivided());
    }
}
