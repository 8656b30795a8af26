package tinderbox.json;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * JSON that looks like what it contains. Every character that ends a line, moves a cursor, changes the direction of text
 * or is invisible is escaped with four hex digits. No text can then pass for another in a pager or a terminal.
 */
public final class EscapedJson {
    private static final String SHORT_ESCAPES = "bfnrt";
    private static final String SHORT_ESCAPED = "\b\f\n\r\t";

    private EscapedJson() {}

    /** Writes a value, which has no unpaired surrogate. */
    public static byte[] write(Object value) {
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

    /** Replaces short escapes, so that each character has one form only. */
    private static void escape(char escaped, StringBuilder visible) {
        int index = SHORT_ESCAPES.indexOf(escaped);
        if (index >= 0) {
            hex(SHORT_ESCAPED.charAt(index), visible);
        } else {
            visible.append('\\').append(escaped);
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
