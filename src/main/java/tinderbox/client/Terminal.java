package tinderbox.client;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** What the standard streams are connected to, and which texts may be shown there. */
public final class Terminal {
    private static final int DEFAULT_COLUMNS = 80;
    private static final int LIMIT_SECONDS = 5;

    private Terminal() {}

    /**
     * The width in columns of the terminal that standard error writes to; 0 if it is not a terminal, or one that cannot
     * overwrite a line.
     */
    public static int columnsOfStandardError() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return 0;
        }
        // Java 17 knows only whether input and output both are a terminal.
        try {
            Process test = new ProcessBuilder("sh", "-c", "test -t 2 || exit 1; stty size <&2; exit 0")
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String size = new String(test.getInputStream().readNBytes(100), StandardCharsets.US_ASCII);
            if (!test.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || test.exitValue() != 0) {
                return 0;
            }
            int columns = Integer.parseInt(size.strip().replaceFirst("\\d+ ", ""));
            return columns > 0 ? columns : DEFAULT_COLUMNS;
        } catch (IOException e) {
            // No shell, so no terminal as this knows it.
            return 0;
        } catch (NumberFormatException e) {
            return DEFAULT_COLUMNS;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /**
     * The text on one line, with a question mark for what would control the terminal, break the line or turn its
     * direction. The text may come from other users.
     */
    public static String safe(String text) {
        int[] shown = text.codePoints().map(c -> isUnsafe(c) ? '?' : c).toArray();
        return Arrays.equals(shown, text.codePoints().toArray()) ? text : new String(shown, 0, shown.length);
    }

    private static boolean isUnsafe(int c) {
        return (c != '\t' && Character.isISOControl(c))
                || c == 0x61c
                || c == 0x200e
                || c == 0x200f
                || (c >= 0x2028 && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069)
                || (c >= 0xd800 && c <= 0xdfff);
    }

    /** How many columns a text takes: East Asian characters take two, combining ones none. */
    static int width(String text) {
        return text.codePoints().map(Terminal::width).sum();
    }

    private static int width(int c) {
        if (c < 0x300) {
            return 1;
        }
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean isWide = (c >= 0x1100 && c <= 0x115f)
                || (c >= 0x2e80 && c <= 0x303e)
                || (c >= 0x3041 && c <= 0xa4cf)
                || (c >= 0xac00 && c <= 0xd7a3)
                || (c >= 0xf900 && c <= 0xfaff)
                || (c >= 0xfe30 && c <= 0xfe6f)
                || (c >= 0xff00 && c <= 0xff60)
                || (c >= 0xffe0 && c <= 0xffe6)
                || (c >= 0x1f300 && c <= 0x1faff)
                || (c >= 0x20000 && c <= 0x3fffd);
        return isWide ? 2 : 1;
    }

    /** At most so many columns of a text; an ellipsis shows that it was cut. */
    static String cut(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int width = 0;
        for (int c : text.codePoints().toArray()) {
            width += width(c);
            if (width > columns - 1) {
                break;
            }
            kept.appendCodePoint(c);
        }
        return kept.append('…').toString();
    }
}
