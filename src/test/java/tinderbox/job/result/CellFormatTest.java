package tinderbox.job.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.json.Json;

/** What each value becomes in CSV and in JSON. */
class CellFormatTest {
    static Stream<Arguments> values() {
        return Stream.of(
                cell("STRING", "", "", "\"\""),
                cell("STRING", "null", "null", "\"null\""),
                cell("INTEGER", (byte) -128, "-128", "-128"),
                cell("INTEGER", (short) 7, "7", "7"),
                cell("INTEGER", 2147483647, "2147483647", "2147483647"),
                cell("INTEGER", 9007199254740992L, "9007199254740992", "9007199254740992"),
                cell("INTEGER", 9007199254740993L, "9007199254740993", "\"9007199254740993\""),
                cell("INTEGER", -9007199254740993L, "-9007199254740993", "\"-9007199254740993\""),
                cell("INTEGER", Long.MIN_VALUE, "-9223372036854775808", "\"-9223372036854775808\""),
                cell("INTEGER", BigInteger.TEN, "10", "10"),
                cell("INTEGER", BigInteger.TEN.pow(20), "1" + "0".repeat(20), "\"1" + "0".repeat(20) + "\""),
                cell("DOUBLE", 0.1f, "0.1", "0.1"),
                cell("DOUBLE", 16777216f, "1.6777216E7", "1.6777216E7"),
                cell("DOUBLE", -0.0, "-0.0", "-0.0"),
                cell("DOUBLE", Double.MIN_VALUE, "4.9E-324", "4.9E-324"),
                cell("DOUBLE", Double.NaN, "NaN", "\"NaN\""),
                cell("DOUBLE", Float.NEGATIVE_INFINITY, "-Infinity", "\"-Infinity\""),
                cell("BOOLEAN", true, "true", "true"),
                cell("DECIMAL", new BigDecimal("-1.50"), "-1.50", "\"-1.50\""),
                cell("DECIMAL", new BigDecimal("1E+3"), "1000", "\"1000\""),
                cell("DECIMAL", new BigDecimal("0E-18"), "0." + "0".repeat(18), "\"0." + "0".repeat(18) + "\""),
                cell("DECIMAL", new BigDecimal("9".repeat(38)), "9".repeat(38), "\"" + "9".repeat(38) + "\""),
                cell("DATE", LocalDate.of(2026, 11, 30), "2026-11-30", "\"2026-11-30\""),
                cell("DATE", LocalDate.of(-1, 1, 2), "-0001-01-02", "\"-0001-01-02\""),
                cell("DATE", LocalDate.of(10000, 1, 2), "+10000-01-02", "\"+10000-01-02\""),
                cell("DATE", java.sql.Date.valueOf("2024-02-29"), "2024-02-29", "\"2024-02-29\""),
                cell("TIMESTAMP", Instant.EPOCH, "1970-01-01T00:00:00Z", "\"1970-01-01T00:00:00Z\""),
                cell("TIMESTAMP", Instant.parse("2026-11-30T12:00:00.123456Z"), "2026-11-30T12:00:00.123456Z", null),
                cell("TIMESTAMP", Instant.parse("2026-11-30T12:00:00.000001Z"), "2026-11-30T12:00:00.000001Z", null),
                cell("TIMESTAMP", Instant.parse("2026-11-30T12:00:00.5Z"), "2026-11-30T12:00:00.500Z", null),
                cell("TIMESTAMP", Timestamp.from(Instant.EPOCH.minusNanos(1000)), "1969-12-31T23:59:59.999999Z", null),
                cell("TIMESTAMP_NTZ", LocalDateTime.of(2026, 11, 30, 12, 0), "2026-11-30T12:00:00", null),
                cell("TIMESTAMP_NTZ", LocalDateTime.of(-5, 1, 1, 0, 0, 0, 1000), "-0005-01-01T00:00:00.000001", null),
                cell("BINARY", new byte[0], "", "\"\""),
                cell("BINARY", new byte[] {(byte) 0xfb, (byte) 0xff, 0}, "+/8A", "\"+/8A\""),
                cell(
                        "JSON",
                        " {\"b\" : [1, 2.50,\n9007199254740993], \"a\":null}",
                        null,
                        "{\"b\":[1,2.50,\"9007199254740993\"],\"a\":null}"),
                cell("JSON", "null", "null", "null"),
                cell("JSON", "{half", "{half", "\"{half\""),
                cell("JSON", "", "", "\"\""));
    }

    /** Null stands for a text that is as it was written, or for that text as a JSON string. */
    private static Arguments cell(String type, Object value, String csv, String json) {
        String text = csv == null ? (String) value : csv;
        return arguments(Column.Type.valueOf(type), value, text, json == null ? "\"" + text + "\"" : json);
    }

    private static String text(Column.Type type, Object value) {
        return CellFormat.text(new Column("c", type), value);
    }

    private static String json(Column.Type type, String text) {
        return new String(Json.write(List.of(CellFormat.json(type, text))), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("values")
    void aValueIsNotRounded(Column.Type type, Object value, String csv, String json) {
        assertEquals(csv, text(type, value));
        assertEquals("[" + json + "]", json(type, csv));
    }

    @ParameterizedTest
    @EnumSource(Column.Type.class)
    void nullStaysNullAndOtherTypesAreRefused(Column.Type type) {
        assertNull(text(type, null));
        assertNull(CellFormat.json(type, null));
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> text(type, Locale.ROOT));
        assertEquals("the column c holds " + type.code() + ", not Locale", refused.getMessage());
        assertEquals(type, Column.Type.ofCode(type.code()).orElseThrow());
    }

    @Test
    void aNumberHasAtMostAThousandDigits() {
        String longest = "9".repeat(1000);
        assertEquals(longest, text(Column.Type.INTEGER, new BigInteger(longest)));
        assertEquals(longest, text(Column.Type.DECIMAL, new BigDecimal(longest)));
        assertEquals(
                "0." + longest.substring(1), text(Column.Type.DECIMAL, new BigDecimal("." + longest.substring(1))));
        assertEquals(1000, text(Column.Type.DECIMAL, new BigDecimal("1E+999")).length());
        for (Object tooLong : List.of(
                new BigInteger(longest + "0"),
                new BigDecimal(longest + "0"),
                new BigDecimal("1E+1000"),
                new BigDecimal("1E-1000"),
                new BigDecimal("1E+2147483647"),
                new BigDecimal(BigInteger.ONE, Integer.MAX_VALUE),
                BigInteger.ONE.shiftLeft(100_000_000))) {
            Column.Type type = tooLong instanceof BigInteger ? Column.Type.INTEGER : Column.Type.DECIMAL;
            JobException refused = assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> assertThrows(JobException.class, () -> text(type, tooLong)));
            assertEquals(ErrorCode.LIMIT_EXCEEDED, refused.code());
            assertTrue(refused.getMessage().contains("column c"), refused::getMessage);
        }
    }
}
