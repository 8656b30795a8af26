package tinderbox.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExactNumbersTest {
    @Test
    void numbersThatABrowserWouldChangeBecomeStrings() {
        long most = 1L << 53;
        assertEquals(
                Arrays.asList(
                        1L,
                        most,
                        -most,
                        "9007199254740993",
                        "-9007199254740993",
                        1.5,
                        "NaN",
                        "-Infinity",
                        "0.10",
                        null,
                        "text",
                        true),
                ExactNumbers.list(Arrays.asList(
                        1L,
                        most,
                        -most,
                        most + 1,
                        -most - 1,
                        1.5,
                        Double.NaN,
                        Double.NEGATIVE_INFINITY,
                        new BigDecimal("0.10"),
                        null,
                        "text",
                        true)));
    }

    @Test
    void nestedNumbersToo() {
        assertEquals(
                Map.of("a", List.of(List.of("the", "9223372036854775807")), "b", Map.of("c", "NaN")),
                ExactNumbers.map(Map.of("a", List.of(List.of("the", Long.MAX_VALUE)), "b", Map.of("c", Double.NaN))));
    }

    @Test
    void aLargeExponentIsNotExpanded() {
        assertEquals(
                List.of("1E+999999999", "-1E-999999999", "1E+65", "1" + "0".repeat(64)),
                ExactNumbers.list(List.of(
                        new BigDecimal("1E+999999999"),
                        new BigDecimal("-1E-999999999"),
                        new BigDecimal("1E+65"),
                        new BigDecimal("1E+64"))));
    }
}
