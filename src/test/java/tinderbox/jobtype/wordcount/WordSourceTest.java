package tinderbox.jobtype.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordSourceTest {
    @ParameterizedTest
    @CsvSource({"512, 2, 16", "512, 64, 16", "2048, 4, 32", "6144, 2, 64", "524288, 2, 64"})
    void theWordLimitFollowsTheHeapBetweenTwoBounds(long heap, int cores, int megabytes) {
        assertEquals(megabytes << 20, WordSource.wordLimit((heap << 20) / cores));
    }
}
