package tinderbox.support;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import tinderbox.job.result.Column;
import tinderbox.job.result.ResultWriter;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;

/** A job type whose result has a column of every type, and values that are hard to show. */
public final class EveryTypeJob implements JobType<Params> {
    private static final List<Column> COLUMNS = List.of(
            new Column("name", Column.Type.STRING),
            new Column("id", Column.Type.INTEGER),
            new Column("price", Column.Type.DECIMAL),
            new Column("ratio", Column.Type.DOUBLE),
            new Column("open", Column.Type.BOOLEAN),
            new Column("day", Column.Type.DATE),
            new Column("at", Column.Type.TIMESTAMP),
            new Column("local", Column.Type.TIMESTAMP_NTZ),
            new Column("data", Column.Type.BINARY),
            new Column("document", Column.Type.JSON));

    @Override
    public String name() {
        return "every-type";
    }

    @Override
    public String title() {
        return "Every type";
    }

    @Override
    public String description() {
        return "Has a result with a column of every type.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of();
    }

    @Override
    public Params parse(Params params) {
        return params;
    }

    @Override
    public Map<String, Object> run(Params params, JobContext context) throws Exception {
        ResultWriter result = context.result(COLUMNS);
        result.row(List.of(
                "Ada",
                1L,
                new BigDecimal("1234567.50"),
                0.1,
                true,
                LocalDate.of(2026, 11, 30),
                Instant.parse("2026-11-30T12:00:00.123456Z"),
                LocalDateTime.of(2026, 11, 30, 12, 0),
                "abcd".getBytes(StandardCharsets.UTF_8),
                "{\"a\":1,\"b\":[9007199254740993,{\"c\":\"x\\ty\"}]}"));
        result.row(List.of(
                "",
                new BigInteger("-99999999999999999999999999999999999999"),
                new BigDecimal("-99999999999999999999999999999999.123456"),
                Double.NaN,
                false,
                LocalDate.of(1582, 10, 15),
                Instant.EPOCH,
                LocalDateTime.of(1, 1, 1, 0, 0),
                new byte[3000],
                "[" + "{\"n\":1},".repeat(60) + "null]"));
        result.row(Collections.nCopies(COLUMNS.size(), null));
        return Map.of("mean", 2.5);
    }
}
