package tinderbox.client;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a result is printed, or written to a file. */
public enum ResultFormat {
    /** Columns for a person to read, of the first rows. */
    TABLE,
    CSV,
    /** One array with an object for each row. */
    JSON,
    /** An object for each row, each on a line. */
    NDJSON,
    /** Only into a file. */
    PARQUET;

    /** Its name on the command line. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static List<String> codes() {
        return Arrays.stream(values()).map(ResultFormat::code).toList();
    }

    public static Optional<ResultFormat> ofCode(String code) {
        return Arrays.stream(values())
                .filter(format -> format.code().equals(code))
                .findFirst();
    }
}
