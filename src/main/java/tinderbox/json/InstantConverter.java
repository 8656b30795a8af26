package tinderbox.json;

import com.dslplatform.json.JsonConverter;
import com.dslplatform.json.JsonReader;
import com.dslplatform.json.JsonWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** An {@link Instant} as an ISO-8601 UTC string with milliseconds; dsl-json finds it by its annotation. */
@JsonConverter(target = Instant.class)
public final class InstantConverter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    public static final JsonReader.ReadObject<Instant> JSON_READER = reader -> {
        if (reader.wasNull()) {
            return null;
        }
        try {
            return Instant.parse(reader.readString());
        } catch (DateTimeParseException e) {
            throw reader.newParseError("Not an ISO-8601 time");
        }
    };

    public static final JsonWriter.WriteObject<Instant> JSON_WRITER = (writer, value) -> {
        if (value == null) {
            writer.writeNull();
        } else {
            writer.writeString(TIME.format(value));
        }
    };

    private InstantConverter() {}
}
