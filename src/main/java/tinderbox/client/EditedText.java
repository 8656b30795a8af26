package tinderbox.client;

import java.util.ArrayList;
import java.util.List;

/** A text in which parts were replaced before it was sent, so that places in what was sent can be found in the original. */
public final class EditedText {
    /** Longer lines are not shown. */
    private static final int MAX_LINE = 200;

    private final String original;
    private final List<Edit> edits = new ArrayList<>();
    private final StringBuilder edited = new StringBuilder();
    private int copied;

    /** A part: indexes in the original, and in the edited text. */
    private record Edit(int from, int to, int editedFrom, int editedTo) {}

    public EditedText(String original) {
        this.original = original;
    }

    /** What the original has from a place on, which is counted in lines and code points from 1. */
    public String from(int line, int column) {
        return original.substring(index(original, line, column));
    }

    /** Replaces so many characters from this place on, which must lie behind those that were replaced before. */
    public void replace(int line, int column, int length, String by) {
        int from = index(original, line, column);
        int to = from + length;
        edited.append(original, copied, from);
        int editedFrom = edited.length();
        edited.append(by);
        edits.add(new Edit(from, to, editedFrom, edited.length()));
        copied = to;
    }

    /** The text with the replaced parts. */
    public String text() {
        return edited + original.substring(copied);
    }

    /** The index in the original of an index in the edited text; the beginning of a part that was replaced. */
    private int inOriginal(int index) {
        int shift = 0;
        for (Edit edit : edits) {
            if (index < edit.editedFrom()) {
                break;
            }
            if (index < edit.editedTo()) {
                return edit.from();
            }
            shift = edit.to() - edit.editedTo();
        }
        return index + shift;
    }

    /**
     * The line of the original with a place in the edited text, and below it what marks the place; empty if the line is
     * too long to be shown.
     *
     * @param position {@code line}, {@code column} and {@code length}, as in the API
     */
    List<String> marked(JsonObject position) {
        String sent = text();
        int begin = index(sent, position.number("line"), position.number("column"));
        int end = sent.offsetByCodePoints(begin, (int)
                Math.max(0, Math.min(position.number("length"), sent.codePointCount(begin, sent.length()))));
        int from = inOriginal(begin);
        int to = Math.max(from + 1, lengthened(end));
        int lineFrom = lineStart(from);
        int lineTo = from;
        while (lineTo < original.length() && !isLineEnd(original.charAt(lineTo))) {
            lineTo++;
        }
        String line = shown(original.substring(lineFrom, lineTo));
        if (Terminal.width(line) > MAX_LINE) {
            return List.of();
        }
        int marks = Math.max(1, Terminal.width(shown(original.substring(from, Math.max(from, Math.min(to, lineTo))))));
        return List.of(
                "  " + line,
                "  " + " ".repeat(Terminal.width(shown(original.substring(lineFrom, from)))) + "^".repeat(marks));
    }

    /** Where a part ends that ends here in the edited text. */
    private int lengthened(int editedEnd) {
        for (Edit edit : edits) {
            if (editedEnd > edit.editedFrom() && editedEnd <= edit.editedTo()) {
                return edit.to();
            }
        }
        return inOriginal(editedEnd);
    }

    private static String shown(String part) {
        return Terminal.safe(part.replace('\t', ' '));
    }

    private int lineStart(int index) {
        int start = Math.min(index, original.length());
        while (start > 0 && !isLineEnd(original.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    /** The index of a place that is counted in lines and code points. */
    private static int index(String text, long line, long column) {
        int index = 0;
        for (long at = 1; at < line && index < text.length(); index++) {
            char c = text.charAt(index);
            boolean isFirstOfTwo = c == '\r' && index + 1 < text.length() && text.charAt(index + 1) == '\n';
            if (isLineEnd(c) && !isFirstOfTwo) {
                at++;
            }
        }
        int left = text.codePointCount(index, text.length());
        return text.offsetByCodePoints(index, (int) Math.max(0, Math.min(column - 1, left)));
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }
}
