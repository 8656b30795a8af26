package tinderbox.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "1 | 1",
                "-0 | -0",
                "1.10 | 1.10",
                "1e3 | 1e3",
                "9007199254740992 | 9007199254740992",
                "9007199254740993 | \"9007199254740993\"",
                "-123456789012345678901234567890 | \"-123456789012345678901234567890\"",
                "0.1234567890123456789 | \"0.1234567890123456789\"",
                "0.30000000000000004 | 0.30000000000000004",
                "1e400 | \"1e400\"",
                "1e-400 | \"1e-400\"",
                "1E+999999999 | \"1E+999999999\"",
                "1e99999999999 | \"1e99999999999\"",
                "-0.5E-99999999999 | \"-0.5E-99999999999\"",
                "0e-999999999 | 0e-999999999",
                "[ 1 , [ ] , { } ] | [1,[],{}]",
                "{ \"a b\" : \" 1 \\\" 2 \" , \"9007199254740993\" : false } | {\"a b\":\" 1 \\\" 2 \",\"9007199254740993\":false}",
                "\"naïve 😀 \\u0041\\\\\" | \"naïve 😀 \\u0041\\\\\""
            })
    void aValueKeepsItsTextOnOneLine(String text, String written) {
        assertEquals(written, JsonText.of(text).orElseThrow().toString());
    }

    @Test
    void whiteSpaceBetweenTokensIsLeftOut() {
        assertEquals(
                "[1,\" \"]", JsonText.of("\t[\r\n 1,\n\" \"\n]\n").orElseThrow().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "NaN",
                "01",
                "+1",
                "'a'",
                "[1,]",
                "{\"a\":1,\"a\":2}",
                "1 2",
                "\"\t\"",
                "\"\\ud800\"",
                "\ufeff1"
            })
    void whatIsNoJsonHasNoValue(String text) {
        assertTrue(JsonText.of(text).isEmpty());
        assertTrue(JsonText.of("[".repeat(65) + "]".repeat(65)).isEmpty());
    }

    @Test
    void aLongNumberIsNotParsed() {
        String number = "7".repeat(5_000_000);
        assertEquals('"' + number + '"', JsonText.of(number).orElseThrow().toString());
    }

    @Test
    void itIsWrittenWithinListsAndMaps() {
        Object value = JsonText.of("{\"é\": 1}").orElseThrow();
        assertEquals(
                "{\"a\":[[{\"é\":1},null]]}",
                new String(Json.write(Map.of("a", List.of(Arrays.asList(value, null)))), StandardCharsets.UTF_8));
    }
}
