package tinderbox.json;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonReader;
import com.dslplatform.json.JsonWriter;
import com.dslplatform.json.ObjectConverter;
import com.dslplatform.json.ParsingException;
import com.dslplatform.json.runtime.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes JSON in UTF-8: records annotated with {@code @CompiledJson}, and plain maps, lists and
 * scalars.
 */
public final class Json {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_STRING = 1 << 20;
    private static final Pattern POSITION = Pattern.compile("(.*?)(?: at)? position:? (\\d+)", Pattern.DOTALL);

    private static final DslJson<Object> DSL =
            new DslJson<>(Settings.basicSetup().includeServiceLoader().limitStringBuffer(MAX_STRING));

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
     * Reads one JSON object of any shape from what is UTF-8: values are String, Long, BigDecimal, Boolean, null, List or Map. Of
     * a key that is there twice, the last counts.
     *
     * @throws MalformedJsonException where the text is anything but one JSON object, or nests too deep
     */
    public static Map<String, Object> readObject(byte[] utf8) throws MalformedJsonException {
        check(utf8);
        JsonReader<Object> reader = DSL.newReader(utf8);
        try {
            if (reader.getNextToken() != '{') {
                throw new MalformedJsonException("Expecting '{' at position 1: the body must be a JSON object");
            }
            Map<String, Object> object = ObjectConverter.deserializeMap(reader);
            for (int i = reader.getCurrentIndex(); i < utf8.length; i++) {
                if (" \t\r\n".indexOf(utf8[i]) < 0) {
                    throw new MalformedJsonException("Unexpected text after the JSON object at position " + (i + 1));
                }
            }
            return object;
        } catch (ParsingException e) {
            throw new MalformedJsonException(plain(e, utf8.length), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What the parser lets pass or cannot bear: it descends by recursion, so depth is bounded before it begins; and
     * half a surrogate pair could be read, but never written again.
     */
    private static void check(byte[] utf8) throws MalformedJsonException {
        int depth = 0;
        boolean inString = false;
        for (int i = 0; i < utf8.length; i++) {
            byte c = utf8[i];
            if (inString) {
                if (c == '\\') {
                    i = checkEscape(utf8, i);
                } else if (c == '"') {
                    inString = false;
                } else if (c >= 0 && c < ' ') {
                    throw new MalformedJsonException("Control character in a string at position " + (i + 1));
                }
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                if (++depth > MAX_DEPTH) {
                    throw new MalformedJsonException(
                            "Nested deeper than " + MAX_DEPTH + " levels at position " + (i + 1));
                }
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
        if (inString) {
            // Inside an escape the parser would read on behind the end.
            throw new MalformedJsonException("A string has no end at position " + utf8.length);
        }
    }

    /** Answers with the last index of the escape that begins at {@code i}, a surrogate pair being one escape. */
    private static int checkEscape(byte[] utf8, int i) throws MalformedJsonException {
        int unit = utf16Unit(utf8, i);
        if (unit < 0) {
            return i + 1;
        }
        if (!Character.isSurrogate((char) unit)) {
            return i + 5;
        }
        int second = utf16Unit(utf8, i + 6);
        if (Character.isLowSurrogate((char) unit) || second < 0 || !Character.isLowSurrogate((char) second)) {
            throw new MalformedJsonException("Half a surrogate pair in a string at position " + (i + 1));
        }
        return i + 11;
    }

    /** The value of the escape {@code backslash uXXXX} at {@code i}, or -1 where there is none. */
    private static int utf16Unit(byte[] utf8, int i) {
        if (i + 5 >= utf8.length || utf8[i] != '\\' || utf8[i + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int at = i + 2; at < i + 6; at++) {
            int digit = Character.digit(utf8[at], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
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
