package tinderbox.job;

import java.io.Serializable;

/**
 * Where in a text something is wrong. A line ends at a line feed, a carriage return, or both together.
 *
 * @param line counted from 1
 * @param column of the first character in its line, counted from 1, in Unicode code points
 * @param length in code points, across line ends; 0 for a place between two characters
 */
public record TextPosition(int line, int column, int length) implements Serializable {
    private static final long serialVersionUID = 1;

    public TextPosition {
        if (line < 1 || column < 1 || length < 0) {
            throw new IllegalArgumentException(
                    "no position: line " + line + ", column " + column + ", length " + length);
        }
    }

    /**
     * The position of a part of {@code text}. Indexes that lie outside the text, or within a surrogate pair, are moved to
     * the nearest character that includes them.
     *
     * @param from the index of the first UTF-16 code unit
     * @param to the index after the last one
     */
    public static TextPosition of(String text, int from, int to) {
        int start = startOfCodePoint(text, within(text, from));
        int end = Math.max(start, within(text, to));
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < start; i++) {
            if (isLineEnd(text, i)) {
                line++;
                lineStart = i + 1;
            }
        }
        // Half a surrogate pair at the end counts as one code point.
        return new TextPosition(line, text.codePointCount(lineStart, start) + 1, text.codePointCount(start, end));
    }

    /** Whether a line ends with the character at this index. */
    public static boolean isLineEnd(String text, int index) {
        char c = text.charAt(index);
        return c == '\n' || (c == '\r' && !(index + 1 < text.length() && text.charAt(index + 1) == '\n'));
    }

    private static int within(String text, int index) {
        return Math.max(0, Math.min(index, text.length()));
    }

    private static int startOfCodePoint(String text, int index) {
        boolean isWithinPair = index > 0
                && index < text.length()
                && Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index));
        return isWithinPair ? index - 1 : index;
    }
}
