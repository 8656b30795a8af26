package tinderbox.json;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void aTruncatedObjectIsMalformedWhereverItEnds() {
        String whole = "{\"a\\n\":\"x\\u001b\\\"\\\\\",\"b\":[true,null,-1.5e3,{}],\"c\":{\"d\":\"\\ud83d\\ude00\"}}";
        assertDoesNotThrow(() -> Json.readObject(whole.getBytes(StandardCharsets.UTF_8)));
        for (int end = 0; end < whole.length(); end++) {
            byte[] shorter = whole.substring(0, end).getBytes(StandardCharsets.UTF_8);
            MalformedJsonException refused =
                    assertThrows(MalformedJsonException.class, () -> Json.readObject(shorter), whole.substring(0, end));
            assertTrue(refused.getMessage().contains("position"), refused::getMessage);
        }
    }

    private static Map<String, Object> read(String json) throws MalformedJsonException {
        return Json.readObject(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+1",
                "01",
                "-01",
                "1.",
                ".5",
                "-",
                "-.5",
                "1e",
                "1e+",
                "1E-",
                "0x1",
                "1_000",
                "1 2",
                "Infinity",
                "NaN",
                "-Infinity",
                "tru",
                "truee",
                "nul",
                "True",
                "'a'",
                "\"\\x\"",
                "\"\\u00g0\"",
                "\"\\u-123\"",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{\"b\":1,}",
                "{,}",
                "{\"b\"}",
                "{1:2}",
                "{b:1}",
                "[1}",
                "{\"b\":1]",
                "/*x*/1",
                "\u00a01",
                ""
            })
    void nearlyValidValuesAreMalformed(String value) {
        MalformedJsonException refused =
                assertThrows(MalformedJsonException.class, () -> read("{\"a\":" + value + "}"), value);
        assertTrue(refused.getMessage().contains(" at position "), refused::getMessage);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1e1000", "1e-1000", "-1E+999999999", "1e-2147483649", "1e99999999999999999999", "1.5e0001000"})
    void anExponentBeyondTheLimitIsMalformed(String number) throws MalformedJsonException {
        assertThrows(MalformedJsonException.class, () -> read("{\"a\":[" + number + "]}"));
        assertNotNull(read("{\"a\":[1e999,1e-999,1e0000999]}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "0.", "1e"})
    void aNumberLongerThanTheLimitIsMalformed(String begin) throws MalformedJsonException {
        int room = 100 - begin.length();
        String longest = begin + "0".repeat(begin.isEmpty() || begin.equals("-") ? 0 : room);
        String number = longest.length() == 100 ? longest : begin + "7".repeat(room);

        assertNotNull(read("{\"a\":" + number + "}"));
        assertThrows(MalformedJsonException.class, () -> read("{\"a\":" + number + "7}"));
    }

    @Test
    void storedObjectsMayHaveAnyNumber() throws MalformedJsonException {
        byte[] json = ("{\"a\":1E+999999999,\"b\":" + "7".repeat(4000) + "}").getBytes(StandardCharsets.UTF_8);

        assertEquals(new BigDecimal("1E+999999999"), Json.readStoredObject(json).get("a"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1,\"a\":1} | The key \"a\" is there twice in one object, for the second time at position 8",
                "{\"a\":1,\"\\u0061\":1} | The key \"a\" is",
                "{\"\\ud83d\\ude00\":1,\"\ud83d\ude00\":1} | The key \"\ud83d\ude00\" is",
                "{\"p\":{\"b\":{},\"c\":[],\"b\":null}} | The key \"b\" is",
                "{\"p\":[[{\"a\":1},{\"d\\/e\":1,\"d/e\":2}]]} | The key \"d/e\" is"
            })
    void aDuplicateKeyIsReported(String json, String message) {
        MalformedJsonException refused = assertThrows(MalformedJsonException.class, () -> read(json));

        assertTrue(refused.getMessage().startsWith(message), refused::getMessage);
    }

    @Test
    void theSameKeyMayBeInSeveralObjects() throws MalformedJsonException {
        assertEquals(
                2, read("{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]},\"A\":{\"a\":1}}").size());
    }

    @Test
    void aByteOrderMarkIsIgnored() throws MalformedJsonException {
        assertEquals(Map.of("a", 1L), read("\ufeff{\"a\":1}"));
        assertThrows(MalformedJsonException.class, () -> read("\ufeff\ufeff{\"a\":1}"));
        assertThrows(MalformedJsonException.class, () -> read("{\ufeff\"a\":1}"));
    }

    @Test
    void blankTextIsOnlyWhiteSpace() {
        assertTrue(Json.isBlank(" \t\r\n".getBytes(StandardCharsets.UTF_8)));
        assertTrue(Json.isBlank("\ufeff\n".getBytes(StandardCharsets.UTF_8)));
        assertTrue(Json.isBlank(new byte[0]));
        assertFalse(Json.isBlank(" {".getBytes(StandardCharsets.UTF_8)));
        assertFalse(Json.isBlank(new byte[] {0}));
    }
}
