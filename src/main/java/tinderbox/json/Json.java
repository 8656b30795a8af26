package tinderbox.json;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonReader;
import com.dslplatform.json.JsonWriter;
import com.dslplatform.json.ObjectConverter;
import com.dslplatform.json.ParsingException;
import com.dslplatform.json.runtime.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes JSON in UTF-8: records annotated with {@code @CompiledJson}, and plain maps, lists and
 * scalars.
 */
public final class Json {
    private static final int MAX_STRING = 1 << 20;
    /** In digits; more than any line of the audit log can have. */
    private static final int MAX_STORED_NUMBER = 1 << 13;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private static final Pattern POSITION = Pattern.compile("(.*?)(?: at)? position:? (\\d+)", Pattern.DOTALL);

    private static final DslJson<Object> DSL = new DslJson<>(Settings.basicSetup()
            .includeServiceLoader()
            .limitStringBuffer(MAX_STRING)
            .limitDigitsBuffer(MAX_STORED_NUMBER));

    static {
        DSL.registerWriter(JsonText.class, (writer, value) -> {
            byte[] utf8 = value.toString().getBytes(StandardCharsets.UTF_8);
            writer.writeRaw(utf8, 0, utf8.length);
        });
    }

    private Json() {}

    /** The value as JSON. */
    public static byte[] write(Object value) {
        JsonWriter writer = DSL.newWriter();
        try {
            DSL.serialize(writer, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return writer.toByteArray();
    }

    /**
     * Reads a record.
     *
     * @throws MalformedJsonException if the text is not a JSON object of this shape
     */
    public static <T> T read(Class<T> shape, byte[] utf8) throws MalformedJsonException {
        try {
            T value = DSL.deserialize(shape, utf8, utf8.length);
            if (value == null) {
                throw new MalformedJsonException("Expecting a JSON object, found null");
            }
            return value;
        } catch (ParsingException e) {
            throw new MalformedJsonException(message(e, utf8.length), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a JSON object of any shape from an untrusted source. Values are String, Long, BigDecimal, Boolean, null, List
     * or Map. A byte order mark before it is skipped.
     *
     * @throws MalformedJsonException if the text is anything but one JSON object, nests too deep, repeats a key in one
     *     object, or has a number with too many characters or too large an exponent
     */
    public static Map<String, Object> readObject(byte[] utf8) throws MalformedJsonException {
        return object(utf8, false);
    }

    /**
     * As {@link #readObject}, for JSON that Tinderbox wrote itself, perhaps before there were limits on numbers. A large
     * exponent is not expanded; callers must not expand it either ({@code BigDecimal.toPlainString}).
     *
     * @throws MalformedJsonException as {@link #readObject}, except for the limits on numbers
     */
    public static Map<String, Object> readStoredObject(byte[] utf8) throws MalformedJsonException {
        return object(utf8, true);
    }

    private static Map<String, Object> object(byte[] utf8, boolean anyNumber) throws MalformedJsonException {
        int start = afterByteOrderMark(utf8);
        JsonSyntax.check(utf8, start, anyNumber);
        byte[] object = start == 0 ? utf8 : Arrays.copyOfRange(utf8, start, utf8.length);
        JsonReader<Object> reader = DSL.newReader(object);
        try {
            reader.getNextToken();
            return ObjectConverter.deserializeMap(reader);
        } catch (ParsingException e) {
            throw new MalformedJsonException(message(e, utf8.length), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the text has only white space, optionally after a byte order mark. */
    public static boolean isBlank(byte[] utf8) {
        return JsonSyntax.afterSpace(utf8, afterByteOrderMark(utf8)) == utf8.length;
    }

    private static int afterByteOrderMark(byte[] utf8) {
        return Arrays.equals(
                        utf8,
                        0,
                        Math.min(utf8.length, BYTE_ORDER_MARK.length),
                        BYTE_ORDER_MARK,
                        0,
                        BYTE_ORDER_MARK.length)
                ? BYTE_ORDER_MARK.length
                : 0;
    }

    /** The parser's message without its excerpts, always with a position (from 1, in bytes). */
    private static String message(ParsingException e, int length) {
        Matcher matcher = POSITION.matcher(e.getMessage());
        if (!matcher.find()) {
            return e.getMessage() + " at position " + length;
        }
        // dsl-json parses anything that begins no other value as a number, and then counts from 0.
        return matcher.group(1).endsWith("Error parsing number")
                ? "Not a JSON value at position " + (Long.parseLong(matcher.group(2)) + 1)
                : matcher.group(1) + " at position " + matcher.group(2);
    }
}
