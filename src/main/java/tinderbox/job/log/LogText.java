package tinderbox.job.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import tinderbox.common.LineReader;

/** The format of a line in a log file: {@code time level text} in UTF-8, ended by a line feed. */
final class LogText {
    /** The maximum size of a text in bytes, including the mark of a truncated one. */
    static final int MAX_LINE = 8192;

    private static final byte[] CUT = "… (cut)".getBytes(StandardCharsets.UTF_8);
    private static final int TIME_LENGTH = "2026-01-05T12:00:00.000Z".length();
    private static final int REPLACEMENT = 0xFFFD;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private LogText() {}

    /** The bytes of a line before its text. */
    static byte[] prefix(Instant time, LogLine.Level level) {
        return (TIME.format(time) + " " + level + " ").getBytes(StandardCharsets.US_ASCII);
    }

    /** Appends one line; replaces harmful characters and truncates a text that is too long. */
    static void append(ByteArrayOutputStream out, byte[] prefix, String text) {
        out.writeBytes(prefix);
        byte[] line = new byte[(int) Math.min(3L * text.length(), MAX_LINE)];
        int length = 0;
        int fitsBeforeMark = 0;
        int c;
        for (int i = 0; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            int shown = isHarmful(c) ? REPLACEMENT : c;
            if (length + size(shown) > MAX_LINE) {
                out.write(line, 0, fitsBeforeMark);
                out.writeBytes(CUT);
                out.write('\n');
                return;
            }
            length = put(line, length, shown);
            if (length <= MAX_LINE - CUT.length) {
                fitsBeforeMark = length;
            }
        }
        out.write(line, 0, length);
        out.write('\n');
    }

    /** Control characters, line separators, characters that change the writing direction, and unpaired surrogates. */
    private static boolean isHarmful(int c) {
        if (c < 0x7F) {
            return c < ' ' && c != '\t';
        }
        return c <= 0x9F
                || c == 0x061C
                || c == 0x200E
                || c == 0x200F
                || (c >= 0x2028 && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069)
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static int size(int c) {
        return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }

    private static int put(byte[] line, int at, int c) {
        int size = size(c);
        if (size == 1) {
            line[at] = (byte) c;
            return at + 1;
        }
        for (int i = size - 1, rest = c; i > 0; i--, rest >>= 6) {
            line[at + i] = (byte) (0x80 | (rest & 0x3F));
        }
        line[at] = (byte) ((0xF00 >> size) | (c >> (6 * (size - 1))));
        return at + size;
    }

    /** The level of a line without parsing all of it; exact for what {@link #append} has written. */
    static LogLine.Level level(LineReader line) {
        if (line.length() < TIME_LENGTH + 2 || line.byteAt(TIME_LENGTH) != ' ') {
            return LogLine.Level.WARN;
        }
        return switch (line.byteAt(TIME_LENGTH + 1)) {
            case 'D' -> LogLine.Level.DEBUG;
            case 'I' -> LogLine.Level.INFO;
            case 'E' -> LogLine.Level.ERROR;
            default -> LogLine.Level.WARN;
        };
    }

    /** Parses a line, without its line feed. A damaged one is returned as a warning with its whole text. */
    static LogLine parse(long n, String line) {
        int level = line.indexOf(' ');
        int text = line.indexOf(' ', level + 1);
        if (level > 0 && text > 0) {
            try {
                return new LogLine(
                        n,
                        Instant.parse(line.substring(0, level)),
                        LogLine.Level.valueOf(line.substring(level + 1, text)),
                        line.substring(text + 1));
            } catch (DateTimeParseException | IllegalArgumentException e) {
                // A damaged line.
            }
        }
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        append(shown, new byte[0], line);
        return new LogLine(
                n,
                Instant.EPOCH,
                LogLine.Level.WARN,
                shown.toString(StandardCharsets.UTF_8).stripTrailing());
    }
}
