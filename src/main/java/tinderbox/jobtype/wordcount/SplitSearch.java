package tinderbox.jobtype.wordcount;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.apache.spark.TaskKilledException;
import tinderbox.dataset.DecompressedInputStream;
import tinderbox.dataset.DecompressionGuard;
import tinderbox.dataset.FileSignature;
import tinderbox.dataset.UnreadableFileException;

/**
 * Finds a word in one split, with the text around it in its line. It sees the same words as {@link WordSource}: those that
 * begin in the split. Around the split, it reads as much as the text around a word may take.
 */
final class SplitSearch {
    private static final int CHUNK = 1 << 16;

    /** The longest character in UTF-8. */
    private static final int MAX_CHARACTER = 4;

    private final InputSplit split;
    private final SearchedWord word;
    private final int context;
    private final int contextBytes;
    private final Runnable onChunk;
    private final LongConsumer onRead;
    private final int wordLimit = WordSource.wordLimit(TaskMemory.SHARE.bytes());

    /** The end of the split in what is read, which is decompressed. */
    private final long end;

    private SeekableByteChannel file;
    private InputStream in;
    private byte[] buffer;
    /** How many bytes of the buffer have been read. */
    private int limit;
    /** Where the buffer begins in what is read. All places below are counted in this way. */
    private long base;
    /** Where the text begins: after the byte order mark. */
    private long textStart;
    /** How many bytes of a compressed file have been reported. */
    private long reported;

    private boolean isAtEnd;
    private long lineFeeds;
    private long occurrences;
    private final List<Occurrence> rows = new ArrayList<>();

    /**
     * A place where the word was found.
     *
     * @param lineFeeds how many there are before it in the split
     * @param left the text before it in its line
     * @param word as it is in the input, without punctuation if that is stripped
     * @param right the text after it in its line
     */
    record Occurrence(long lineFeeds, String left, String word, String right) implements Serializable {}

    /**
     * What was found in a split.
     *
     * @param occurrences all of them
     * @param rows the first
     */
    record Found(long occurrences, long lineFeeds, List<Occurrence> rows) implements Serializable {}

    /**
     * Searches a split.
     *
     * @param context how many characters before and after the word are shown
     * @param onChunk called before each read; it may throw
     * @param onRead called with the number of bytes of the split that were read since the last call
     */
    SplitSearch(InputSplit split, SearchedWord word, int context, Runnable onChunk, LongConsumer onRead) {
        this.split = split;
        this.word = word;
        this.context = context;
        this.contextBytes = MAX_CHARACTER * (context + 1);
        this.onChunk = onChunk;
        this.onRead = onRead;
        this.end = split.compressed() ? Long.MAX_VALUE : split.end();
        // Small for a small split, because an input can have many.
        this.buffer = new byte[(int) Math.min(2 * CHUNK, end - split.start()) + 2 * contextBytes + FileSignature.HEAD];
    }

    /**
     * Searches the whole split.
     *
     * @param maxRows more occurrences are only counted
     * @param onNonText called if the file does not look like text, with what it looks like instead
     * @throws UnreadableFileException if it cannot be read or decompressed
     */
    Found all(DecompressionGuard guard, int maxRows, BiConsumer<InputSplit, String> onNonText)
            throws UnreadableFileException {
        try (SeekableByteChannel opened = split.open();
                InputStream content = content(opened, guard)) {
            file = opened;
            in = content;
            search(begin(onNonText), maxRows);
            if (split.compressed()) {
                onRead.accept(split.end() - reported);
            }
            return new Found(occurrences, lineFeeds, List.copyOf(rows));
        } catch (TaskKilledException e) {
            throw e;
        } catch (IOException | RuntimeException | InternalError e) {
            // Codecs throw all kinds of exceptions for damaged data; zlib throws an InternalError.
            throw new UnreadableFileException(
                    split.file().address(), e instanceof Exception exception ? exception : new IOException(e));
        }
    }

    private InputStream content(SeekableByteChannel opened, DecompressionGuard guard) throws IOException {
        InputStream raw = Channels.newInputStream(opened);
        return split.compressed()
                ? guard.limit(
                        split.file().compression().decompress(raw, DecompressedInputStream.MEMORY_TIMEOUT), split.end())
                : raw;
    }

    /** Where the search begins: after the byte order mark, and after a word that began before the split. */
    private long begin(BiConsumer<InputSplit, String> onNonText) throws IOException {
        if (split.start() > 0) {
            base = Math.max(0, split.start() - 1 - contextBytes);
            file.position(base);
            if (base == 0) {
                // What is before a word may reach to the beginning of the file.
                skipMark();
            }
            // The byte before shows whether a word begins here.
            return Math.max(split.start(), afterWord(split.start() - 1, base));
        }
        has(FileSignature.HEAD - 1, 0);
        byte[] head = Arrays.copyOf(buffer, Math.min(limit, FileSignature.HEAD));
        FileSignature.looksLike(head).ifPresent(what -> onNonText.accept(split, what));
        skipMark();
        return textStart;
    }

    private void skipMark() throws IOException {
        byte[] mark = WordSource.BYTE_ORDER_MARK;
        boolean hasMark = has(mark.length - 1, 0) && Arrays.equals(buffer, 0, mark.length, mark, 0, mark.length);
        textStart = hasMark ? mark.length : 0;
    }

    private void search(long from, int maxRows) throws IOException {
        long at = nextWord(from);
        while (at < end && has(at, at - contextBytes)) {
            long after = afterWord(at, at - contextBytes);
            if (word.matches(buffer, index(at), index(after))) {
                occurrences++;
                if (rows.size() < maxRows) {
                    rows.add(occurrence(at, after));
                }
            }
            at = nextWord(after);
        }
    }

    /** The next place that is not white space, or the end. Counts the lines before it. */
    private long nextWord(long from) throws IOException {
        long at = from;
        while (at < end && has(at, at - contextBytes)) {
            byte[] bytes = buffer;
            int i = index(at);
            int stop = (int) Math.min(limit, end - base);
            while (i < stop && Tokenizer.isSpace(bytes[i])) {
                if (bytes[i] == '\n') {
                    lineFeeds++;
                }
                i++;
            }
            at = base + i;
            if (i < stop) {
                return at;
            }
        }
        return at;
    }

    /** The first white space, or the end of the file. */
    private long afterWord(long from, long keep) throws IOException {
        long at = from;
        while (has(at, keep)) {
            byte[] bytes = buffer;
            int i = index(at);
            while (i < limit && !Tokenizer.isSpace(bytes[i])) {
                i++;
            }
            at = base + i;
            if (i < limit) {
                return at;
            }
            if (at - from > wordLimit) {
                throw WordSource.tooLong(wordLimit);
            }
        }
        return at;
    }

    private int index(long at) {
        return (int) (at - base);
    }

    /**
     * Whether there is a byte at this place. If it has to be read for that, those before {@code keep} are forgotten.
     */
    private boolean has(long at, long keep) throws IOException {
        while (at >= base + limit) {
            if (isAtEnd) {
                return false;
            }
            forget(Math.max(base, keep));
            if (limit == buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * buffer.length);
            }
            onChunk.run();
            long position = base + limit;
            // Little is needed of what is after the split.
            long most = Math.min(CHUNK, position < end ? end - position : contextBytes + position - end);
            int read = in.read(buffer, limit, (int) Math.min(most, buffer.length - limit));
            if (read < 0) {
                isAtEnd = true;
                return false;
            }
            limit += read;
            report(position, read);
        }
        return true;
    }

    private void forget(long before) {
        int count = index(before);
        if (count < CHUNK && limit < buffer.length) {
            return;
        }
        System.arraycopy(buffer, count, buffer, 0, limit - count);
        limit -= count;
        base += count;
    }

    /** Reports bytes of the split itself, not those around it. */
    private void report(long position, int read) throws IOException {
        if (split.compressed()) {
            long now = Math.min(split.end(), file.position());
            onRead.accept(now - reported);
            reported = now;
        } else {
            long from = Math.min(end, Math.max(split.start(), position));
            onRead.accept(Math.max(0, Math.min(end, position + read) - from));
        }
    }

    private Occurrence occurrence(long at, long after) throws IOException {
        has(after + contextBytes - 1, at - contextBytes);
        int from = index(at);
        int to = index(after);
        String token = new String(buffer, from, to - from, StandardCharsets.UTF_8);
        int begin = word.begin(token);
        int end = word.end(token);
        String left = before(from) + token.substring(0, begin);
        String right = token.substring(end) + after(to);
        return new Occurrence(
                lineFeeds,
                lastOf(left).stripLeading(),
                token.substring(begin, end),
                firstOf(right).stripTrailing());
    }

    /** The last characters of a text, without what is left of a word that is cut. */
    private String lastOf(String text) {
        int length = text.codePointCount(0, text.length());
        if (length <= context) {
            return text;
        }
        int from = text.offsetByCodePoints(0, length - context);
        int blank = text.charAt(from - 1) == ' ' ? from - 1 : text.indexOf(' ', from);
        return text.substring(blank < 0 || blank == text.length() - 1 ? from : blank + 1);
    }

    /** The first characters of a text, in the same way. */
    private String firstOf(String text) {
        if (text.codePointCount(0, text.length()) <= context) {
            return text;
        }
        int to = text.offsetByCodePoints(0, context);
        int blank = text.charAt(to) == ' ' ? to : text.lastIndexOf(' ', to - 1);
        return text.substring(0, blank <= 0 ? to : blank);
    }

    /** The text of the line before this index, or the end of it. */
    private String before(int index) {
        int stop = Math.max(index - contextBytes, (int) Math.max(0, textStart - base));
        int from = index;
        while (from > stop && buffer[from - 1] != '\n') {
            from--;
        }
        // The rest of a character that begins before what is shown.
        while (from == stop && from < index && (buffer[from] & 0xC0) == 0x80) {
            from++;
            stop++;
        }
        return line(from, index);
    }

    /** The text of the line from this index, or its beginning. */
    private String after(int index) {
        int stop = Math.min(limit, index + contextBytes);
        int to = index;
        while (to < stop && buffer[to] != '\n') {
            to++;
        }
        return line(index, to);
    }

    /** A text in which all white space but blanks has become blanks. */
    private String line(int from, int to) {
        String text = new String(buffer, from, to - from, StandardCharsets.UTF_8);
        for (char space : new char[] {'\t', '\u000B', '\f', '\r'}) {
            text = text.replace(space, ' ');
        }
        return text;
    }
}
