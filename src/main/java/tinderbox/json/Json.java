package tinderbox.json;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonReader;
import com.dslplatform.json.JsonWriter;
import com.dslplatform.json.ObjectConverter;
import com.dslplatform.json.ParsingException;
import com.dslplatform.json.runtime.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    /** More than any line of the audit log can have. */
    private static final int MAX_STORED_NUMBER = 1 << 13;
    /** What some editors put before a text in UTF-8. */
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private static final Pattern POSITION = Pattern.compile("(.*?)(?: at)? position:? (\\d+)", Pattern.DOTALL);

    private static final DslJson<Object> DSL = new DslJson<>(Settings.basicSetup()
            .includeServiceLoader()
            .limitStringBuffer(MAX_STRING)
            .limitDigitsBuffer(MAX_STORED_NUMBER));

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
     * @throws MalformedJsonException where the text is no JSON object of that shape
     */
    public static <T> T read(Class<T> shape, byte[] utf8) throws MalformedJsonException {
        try {
            T value = DSL.deserialize(shape, utf8, utf8.length);
            if (value == null) {
                throw new MalformedJsonException("Expecting a JSON object, found null");
            }
            return value;
        } catch (ParsingException e) {
            throw new MalformedJsonException(plain(e, utf8.length), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads one JSON object of any shape that somebody sent, in UTF-8: values are String, Long, BigDecimal, Boolean,
     * null, List or Map. A byte order mark before it is passed over.
     *
     * @throws MalformedJsonException where the text is anything but one JSON object, nests too deep, has a key twice
     *     in one object, or a number that is longer, or has a greater exponent, than anybody needs
     */
    public static Map<String, Object> readObject(byte[] utf8) throws MalformedJsonException {
        return object(utf8, false);
    }

    /**
     * The same of what Tinderbox wrote itself, which may be older than the bounds on numbers. They are not expanded,
     * and must not be when they are turned into text.
     *
     * @throws MalformedJsonException as {@link #readObject} does, but for the bounds on numbers
     */
    public static Map<String, Object> readStoredObject(byte[] utf8) throws MalformedJsonException {
        return object(utf8, true);
    }

    private static Map<String, Object> object(byte[] utf8, boolean anyNumber) throws MalformedJsonException {
        int start = afterMark(utf8);
        JsonSyntax.check(utf8, start, anyNumber);
        byte[] object = start == 0 ? utf8 : Arrays.copyOfRange(utf8, start, utf8.length);
        JsonReader<Object> reader = DSL.newReader(object);
        try {
            reader.getNextToken();
            return ObjectConverter.deserializeMap(reader);
        } catch (ParsingException e) {
            throw new MalformedJsonException(plain(e, utf8.length), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether there is nothing but white space, and perhaps a byte order mark. */
    public static boolean isBlank(byte[] utf8) {
        return afterSpace(utf8, afterMark(utf8)) == utf8.length;
    }

    private static int afterMark(byte[] utf8) {
        return Arrays.equals(utf8, 0, Math.min(utf8.length, MARK.length), MARK, 0, MARK.length) ? MARK.length : 0;
    }

    /** The index of the first byte from {@code at} on that is no white space. */
    static int afterSpace(byte[] utf8, int at) {
        int i = at;
        while (i < utf8.length && (utf8[i] == ' ' || utf8[i] == '\t' || utf8[i] == '\r' || utf8[i] == '\n')) {
            i++;
        }
        return i;
    }

    /** The parser's message without its excerpts, always with a position (from 1, in bytes). */
    private static String plain(ParsingException e, int length) {
        Matcher matcher = POSITION.matcher(e.getMessage());
        if (!matcher.find()) {
            return e.getMessage() + " at position " + length;
        }
        // What begins no other value is taken for a number by the parser, which then counts from 0.
        return matcher.group(1).endsWith("Error parsing number")
                ? "Not a JSON value at position " + (Long.parseLong(matcher.group(2)) + 1)
                : matcher.group(1) + " at position " + matcher.group(2);
    }
}
