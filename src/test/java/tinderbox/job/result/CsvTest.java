package tinderbox.job.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells that some spreadsheet would run as a formula. */
class CsvTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '#',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "=1+1#'=1+1",
                "x;=1+1#x;'=1+1",
                "x;;@a;-1#x;;'@a;'-1",
                "x|+1#x|'+1",
                ";=1#;'=1",
                "x;\"=1+1\"#x;'\"=1+1\"",
                "x;\"\"=1#x;'\"\"=1",
                "\"=1#'\"=1",
                "\uff1d1+1#'\uff1d1+1",
                "x;\uff0b1#x;'\uff0b1",
                "\uff0d1#'\uff0d1",
                "\uff20a#'\uff20a",
                "\u22121#'\u22121",
                "\ufe66a#'\ufe66a",
                " =1#' =1",
                "\u00a0=1#'\u00a0=1",
                "\u3000\u200b\ufeff=1#'\u3000\u200b\ufeff=1",
                "x; =1#x;' =1"
            })
    void aFormulaGetsAnApostrophe(String cell, String safe) {
        assertEquals(safe, Csv.defused(cell));
    }

    @Test
    void controlCharactersDoNotHideAFormula() {
        assertEquals("'\t=1", Csv.defused("\t=1").replace("'=", "="));
        assertEquals("x\t'=1", Csv.defused("x\t=1"));
        assertEquals("x\n'=1", Csv.defused("x\n=1"));
        assertEquals("x\r\n'=1", Csv.defused("x\r\n=1").replace("'\n", "\n"));
        assertEquals("'\r", Csv.defused("\r"));
        assertEquals("'\u0000=1", Csv.defused("\u0000=1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a=b", "a-b", "a,-b", "x;y", "x; y", "x@y", "\"q\"", ";", " ", "1;2"})
    void aHarmlessCellDoesNotChange(String cell) {
        assertEquals(cell, Csv.defused(cell));
    }

    @Test
    void nullStaysNull() {
        assertNull(Csv.defused(null));
    }
}
