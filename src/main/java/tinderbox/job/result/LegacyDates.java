package tinderbox.job.result;

import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Calendar;
import java.util.GregorianCalendar;

/**
 * The dates of {@code java.sql}, in which Spark returns dates and timestamps, in the calendar of {@code java.time}. What
 * they show before 1582 is in the Julian calendar, and their time zones know no local times before 1900. Spark keeps the
 * shown date and time, not the number of days or seconds.
 *
 * @see <a href="https://spark.apache.org/docs/latest/sql-ref-datetime-pattern.html">Spark's calendar</a>
 */
final class LegacyDates {
    /** From here on both kinds agree. */
    private static final Instant AGREED = Instant.parse("1900-01-01T00:00:00Z");

    private LegacyDates() {}

    static LocalDate toLocalDate(Date date) {
        Calendar shown = new GregorianCalendar();
        shown.setTime(date);
        return localDate(shown);
    }

    static Instant toInstant(Timestamp timestamp) {
        Instant instant = timestamp.toInstant();
        if (!instant.isBefore(AGREED)) {
            return instant;
        }
        Calendar shown = new GregorianCalendar();
        shown.setTime(timestamp);
        LocalTime time = LocalTime.of(
                shown.get(Calendar.HOUR_OF_DAY),
                shown.get(Calendar.MINUTE),
                shown.get(Calendar.SECOND),
                timestamp.getNanos());
        return localDate(shown).atTime(time).atZone(ZoneId.systemDefault()).toInstant();
    }

    private static LocalDate localDate(Calendar shown) {
        int yearOfEra = shown.get(Calendar.YEAR);
        int year = shown.get(Calendar.ERA) == GregorianCalendar.BC ? 1 - yearOfEra : yearOfEra;
        // Adds the days, because the Julian calendar has leap days that the Gregorian lacks.
        return LocalDate.of(year, shown.get(Calendar.MONTH) + 1, 1).plusDays(shown.get(Calendar.DAY_OF_MONTH) - 1L);
    }
}
