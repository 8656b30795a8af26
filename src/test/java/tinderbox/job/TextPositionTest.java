package tinderbox.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextPositionTest {
    private static String unescaped(String text) {
        return text.translateEscapes().replace("<astral>", "\uD83D\uDE00");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # text,          from, to, line, column, length
            'select x',         7,  8,    1,      8,      1
            '',                 0,  0,    1,      1,      0
            'ab',               2,  2,    1,      3,      0
            'a\\nb',            1,  2,    1,      2,      1
            'a\\nb',            2,  3,    2,      1,      1
            'a\\nb\\n',         4,  4,    3,      1,      0
            'a\\r\\nb',         3,  4,    2,      1,      1
            'a\\r\\nb',         2,  3,    1,      3,      1
            'a\\rb',            2,  3,    2,      1,      1
            'a\\n\\rb',         3,  4,    3,      1,      1
            '\\r\\n\\r\\nb',    4,  5,    3,      1,      1
            'a\\nbc\\nd',       0,  6,    1,      1,      6
            """)
    void aPositionCountsLinesAndCharacters(String text, int from, int to, int line, int column, int length) {
        assertEquals(new TextPosition(line, column, length), TextPosition.of(unescaped(text), from, to));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # text,             from, to, column, length
            '<astral>b',           2,  3,      2,      1
            'a<astral>b',          1,  3,      2,      1
            'a<astral>b',          2,  3,      2,      1
            'a<astral>b',          1,  2,      2,      1
            'a<astral>b',          2,  2,      2,      1
            '<astral><astral>',    0,  4,      1,      2
            """)
    void anAstralCharacterIsOne(String text, int from, int to, int column, int length) {
        assertEquals(new TextPosition(1, column, length), TextPosition.of(unescaped(text), from, to));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # from,         to, column, length
            -3,              1,      1,      1
            1,              99,      2,      1
            99,            100,      3,      0
            2,               1,      3,      0
            """)
    void indexesOutsideTheTextAreMovedIntoIt(int from, int to, int column, int length) {
        assertEquals(new TextPosition(1, column, length), TextPosition.of("ab", from, to));
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1", "1, 0, 1", "1, 1, -1"})
    void linesAndColumnsBeginAtOne(int line, int column, int length) {
        assertThrows(IllegalArgumentException.class, () -> new TextPosition(line, column, length));
    }
}
