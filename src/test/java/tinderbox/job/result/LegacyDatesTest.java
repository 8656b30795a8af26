package tinderbox.job.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** Dates and timestamps as Spark returns them. */
class LegacyDatesTest {
    @Test
    void theyKeepTheirDayAndMomentInEveryCentury() {
        new ApiClient(TestServer.shared()).run("word-count", Map.of());
        List<Row> rows = SparkSession.active()
                .newSession()
                .range(-1_200_000, 4_000_000, 997)
                .selectExpr(
                        "id",
                        "date_from_unix_date(int(id))",
                        "86400000000 * id + 12345678901",
                        "timestamp_micros(86400000000 * id + 12345678901)")
                .collectAsList();

        assertTrue(rows.size() > 5000);
        for (Row row : rows) {
            assertEquals(LocalDate.ofEpochDay(row.getLong(0)), LegacyDates.toLocalDate(row.getDate(1)));
            assertEquals(
                    Instant.EPOCH.plus(row.getLong(2), ChronoUnit.MICROS), LegacyDates.toInstant(row.getTimestamp(3)));
        }
    }
}
