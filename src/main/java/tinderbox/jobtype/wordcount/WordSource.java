package tinderbox.jobtype.wordcount;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import tinderbox.dataset.Compression;
import tinderbox.dataset.FileSignature;
import tinderbox.dataset.InputLimitException;
import tinderbox.jobtype.DecompressionGuard;
import tinderbox.jobtype.UnreadableFileException;

/**
 * Reads the parts of an input that belong to one task and has their words counted, a buffer at a time. A word that
 * begins in a part is read to its end; one that began before it is passed over. The first part of a file must be longer
 * than a byte order mark, which is none of its words.
 */
final class WordSource implements AutoCloseable {
    /** Read with one call each; it is to stay in the processor's second cache until it has been looked at. */
    private static final int BUFFER = 1 << 18;

    /** Other tasks may take the memory that unpacking needs; they end, or the job is stopped, long before this. */
    private static final Duration MEMORY_WITHIN = Duration.ofHours(24);

    private static final long LEAST_BOUND = 16 << 20;
    private static final long MOST_BOUND = 64 << 20;

    /**
     * A longer word ends the job, in bytes; one that is longer by less than a buffer may pass. On its way from the file
     * to the result a word is held about ten times, and each task may have one.
     */
    private static final int LONGEST_WORD =
            longestWord(Runtime.getRuntime().maxMemory(), Runtime.getRuntime().availableProcessors());

    /** Most words that go on beyond a part end within this; for one that does not, more is read each time. */
    private static final int TAIL = 256;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Iterator<InputSplit> parts;
    private final DecompressionGuard decompressionGuard;
    private final Tokenizer tokenizer;
    private final LongConsumer onRead;
    private final BiConsumer<InputSplit, String> onOdd;
    private byte[] buffer = new byte[BUFFER + Tokenizer.PADDING];
    /** How much at the beginning of the buffer is not counted yet: a word of which the end was not read. */
    private int kept;

    private InputSplit part;
    private SeekableByteChannel file;
    private InputStream in;
    /** Where the next read of the file begins; in a packed one, how much of it has been reported. */
    private long position;

    private boolean withinWord;

    /**
     * Reads these parts.
     *
     * @param onRead called with how many bytes of the parts have been read since its last call
     * @param onOdd called for a file that does not begin like text, with what its content looks like
     */
    WordSource(
            List<InputSplit> parts,
            DecompressionGuard decompressionGuard,
            Tokenizer tokenizer,
            LongConsumer onRead,
            BiConsumer<InputSplit, String> onOdd) {
        this.parts = parts.iterator();
        this.decompressionGuard = decompressionGuard;
        this.tokenizer = tokenizer;
        this.onRead = onRead;
        this.onOdd = onOdd;
    }

    /**
     * Reads on and counts.
     *
     * @return false once everything has been counted
     * @throws UnreadableFileException where a file cannot be read or unpacked
     */
    boolean countSome() throws UnreadableFileException {
        if (part == null && !parts.hasNext()) {
            return false;
        }
        boolean begins = part == null;
        part = begins ? parts.next() : part;
        String name = part.file();
        try {
            if (begins) {
                open();
            }
            if (readAndCount()) {
                close();
            }
        } catch (IOException | RuntimeException | InternalError e) {
            // Codecs meet damaged data with exceptions of all sorts, zlib's with an InternalError.
            throw new UnreadableFileException(name, e instanceof Exception told ? told : new IOException(e));
        }
        return true;
    }

    private void open() throws IOException {
        file = part.open();
        in = Channels.newInputStream(file);
        kept = 0;
        position = part.start();
        withinWord = part.start() > 0;
        if (part.packed()) {
            in = decompressionGuard.bounded(Compression.of(part.file()).unpacked(in, MEMORY_WITHIN), part.end());
        } else if (withinWord) {
            // The byte before tells whether a word begins here.
            position--;
            file.position(position);
        }
        if (part.start() == 0) {
            countHead();
        }
    }

    private void countHead() throws IOException {
        int wanted = part.packed() ? FileSignature.HEAD : (int) Math.min(FileSignature.HEAD, part.end());
        int read = in.readNBytes(buffer, 0, Math.max(BYTE_ORDER_MARK.length, wanted));
        report(read);
        FileSignature.looksLike(Arrays.copyOf(buffer, read)).ifPresent(what -> onOdd.accept(part, what));
        boolean marked = read >= BYTE_ORDER_MARK.length
                && Arrays.equals(buffer, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
        count(marked ? BYTE_ORDER_MARK.length : 0, read);
    }

    /** Counts the words in the buffer, and keeps one that reaches the limit at its beginning. */
    private void count(int from, int limit) {
        int rest = tokenizer.count(buffer, from, limit);
        kept = limit - rest;
        System.arraycopy(buffer, rest, buffer, 0, kept);
    }

    /** Answers true where the part is done. */
    private boolean readAndCount() throws IOException {
        makeRoom();
        // A channel copies through memory of its own, as much as is asked for.
        int room = Math.min(BUFFER, buffer.length - Tokenizer.PADDING - kept);
        boolean beyond = !part.packed() && position >= part.end();
        if (beyond && kept == 0) {
            return true;
        }
        int wanted = part.packed() ? room : (int) Math.min(room, beyond ? Math.max(TAIL, kept) : part.end() - position);
        int read = in.read(buffer, kept, wanted);
        if (read < 0) {
            return countLast(kept);
        }
        report(read);
        int limit = kept + read;
        if (beyond) {
            int end = firstSpace(kept, limit);
            kept = limit;
            return end < limit && countLast(end);
        }
        if (kept > 0 && firstSpace(kept, limit) == limit) {
            // A long word that comes in many pieces is looked through once, not once for each.
            kept = limit;
            return false;
        }
        int from = 0;
        if (withinWord) {
            from = firstSpace(0, limit);
            withinWord = from == limit;
        }
        count(from, limit);
        return false;
    }

    /** Counts what is in the buffer to the last byte. */
    private boolean countLast(int limit) {
        buffer[limit] = ' ';
        tokenizer.count(buffer, 0, limit + 1);
        if (part.packed()) {
            onRead.accept(part.end() - position);
        }
        return true;
    }

    private int firstSpace(int from, int limit) {
        int at = from;
        while (at < limit && !Tokenizer.isSpace(buffer[at])) {
            at++;
        }
        return at;
    }

    private void makeRoom() throws InputLimitException {
        if (kept > LONGEST_WORD) {
            throw new InputLimitException(
                    "has a word longer than " + LONGEST_WORD + " bytes, the most that the memory of this server allows",
                    "words end at white space; is it a text?");
        }
        int most = LONGEST_WORD + BUFFER + Tokenizer.PADDING;
        if (kept >= buffer.length / 2 && buffer.length < most) {
            buffer = Arrays.copyOf(buffer, Math.min(2 * buffer.length, most));
        }
    }

    /** A share of the heap, but never so little that a word of 10 MB is refused. */
    static int longestWord(long heap, int cores) {
        return (int) Math.max(LEAST_BOUND, Math.min(MOST_BOUND, heap / 16 / cores));
    }

    /** Tells what was read of the part itself: not the byte before it, and not the rest of its last word. */
    private void report(int read) throws IOException {
        if (part.packed()) {
            long now = Math.min(part.end(), file.position());
            onRead.accept(now - position);
            position = now;
        } else {
            long from = Math.min(part.end(), Math.max(part.start(), position));
            position += read;
            onRead.accept(Math.min(part.end(), position) - from);
        }
    }

    @Override
    public void close() throws IOException {
        part = null;
        if (in != null) {
            InputStream closing = in;
            in = null;
            closing.close();
        }
    }
}
