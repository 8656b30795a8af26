package tinderbox.security.audit;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import tinderbox.json.Json;

/**
 * JSON that shows what it holds: every character that ends a line, moves a cursor, turns the direction of reading or
 * cannot be seen is written as an escape of four hex digits, so that no text can look like something else in a pager
 * or a terminal.
 */
final class EscapedJson {
    private static final String SHORT_ESCAPES = "bfnrt";
    private static final String SHORT_ESCAPED = "\b\f\n\r\t";

    private EscapedJson() {}

    /** The value, which has no half of a surrogate pair in it. */
    static byte[] write(Object value) {
        String json = new String(Json.write(value), StandardCharsets.UTF_8);
        StringBuilder visible = new StringBuilder(json.length() + 16);
        int i = 0;
        while (i < json.length()) {
            int c = json.codePointAt(i);
            i += Character.charCount(c);
            if (c == '\\') {
                escape(json.charAt(i++), visible);
            } else if (isVisible(c)) {
                visible.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    hex(unit, visible);
                }
            }
        }
        return visible.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The characters of an escape are plain themselves; the short ones are written out, to have one form for each. */
    private static void escape(char second, StringBuilder visible) {
        int known = SHORT_ESCAPES.indexOf(second);
        if (known >= 0) {
            hex(SHORT_ESCAPED.charAt(known), visible);
        } else {
            visible.append('\\').append(second);
        }
    }

    private static void hex(char unit, StringBuilder visible) {
        visible.append("\\u").append(HexFormat.of().toHexDigits(unit));
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
