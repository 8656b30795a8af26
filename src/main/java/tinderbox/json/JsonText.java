package tinderbox.json;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A JSON value that is written as its text, without the white space between its tokens, so on one line. A number that
 * clients would change that read numbers as doubles, as browsers do, becomes a string.
 */
public final class JsonText {
    private final String text;

    private JsonText(String text) {
        this.text = text;
    }

    /**
     * The JSON value of a text; empty if it is no JSON, nests too deep, or repeats a key in one object.
     */
    public static Optional<JsonText> of(String text) {
        try {
            JsonSyntax.checkValue(text.getBytes(StandardCharsets.UTF_8));
        } catch (MalformedJsonException e) {
            return Optional.empty();
        }
        StringBuilder compact = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end = at + 1;
            if (c == '"') {
                end = afterString(text, at);
                compact.append(text, at, end);
            } else if (c == '-' || (c >= '0' && c <= '9')) {
                end = afterNumber(text, at);
                appendNumber(compact, text.substring(at, end));
            } else if (c > ' ') {
                compact.append(c);
            }
            at = end;
        }
        return Optional.of(new JsonText(compact.toString()));
    }

    /** A number that is in the notation of JSON. */
    public static JsonText number(String text) {
        return new JsonText(text);
    }

    private static int afterString(String text, int begin) {
        int at = begin + 1;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private static int afterNumber(String text, int begin) {
        int at = begin;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }

    private static void appendNumber(StringBuilder to, String number) {
        if (ExactNumbers.isExact(number)) {
            to.append(number);
        } else {
            to.append('"').append(number).append('"');
        }
    }

    /** The value as JSON. */
    @Override
    public String toString() {
        return text;
    }
}
