package tinderbox.support;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tinderbox.job.result.Column;

/** Three values of each column type, one of them at an edge of the type, and null. */
public final class SampleCells {
    private SampleCells() {}

    /** A row of a result with these columns; every fourth row has only nulls. */
    public static List<Object> row(List<Column> columns, long number) {
        List<Object> row = new ArrayList<>();
        for (Column column : columns) {
            row.add(of(column.type()).get((int) (number % 4)));
        }
        return row;
    }

    private static List<Object> of(Column.Type type) {
        return switch (type) {
            case STRING -> Arrays.asList("=1+1", "", "naïve, \"q\"\n", null);
            case INTEGER -> Arrays.asList(-7, Long.MAX_VALUE, BigInteger.TEN.pow(20), null);
            case DOUBLE -> Arrays.asList(0.1f, -0.0, Double.NaN, null);
            case BOOLEAN -> Arrays.asList(true, false, true, null);
            case DECIMAL ->
                Arrays.asList(
                        new BigDecimal("-1.50"), new BigDecimal("9".repeat(38)), new BigDecimal("0.00000001"), null);
            case DATE ->
                Arrays.asList(
                        LocalDate.of(2026, 11, 30), LocalDate.of(-1, 1, 1), java.sql.Date.valueOf("1999-12-31"), null);
            case TIMESTAMP ->
                Arrays.asList(
                        Instant.parse("2026-11-30T12:00:00.123456Z"),
                        Instant.parse("+10000-01-01T00:00:00Z"),
                        Timestamp.from(Instant.EPOCH),
                        null);
            case TIMESTAMP_NTZ ->
                Arrays.asList(
                        LocalDateTime.parse("2026-11-30T12:00:00.123456"),
                        LocalDateTime.parse("0001-01-01T00:00"),
                        LocalDateTime.parse("2026-11-30T12:00"),
                        null);
            case BINARY -> Arrays.asList(new byte[] {(byte) 0xfb, (byte) 0xff}, new byte[0], new byte[] {0}, null);
            case JSON -> Arrays.asList("{\"n\": [1, 9007199254740993]}", "not JSON", "null", null);
        };
    }
}
