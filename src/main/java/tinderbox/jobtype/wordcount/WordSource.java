package tinderbox.jobtype.wordcount;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import tinderbox.dataset.DecompressedInputStream;
import tinderbox.dataset.DecompressionGuard;
import tinderbox.dataset.FileSignature;
import tinderbox.dataset.InputLimitException;
import tinderbox.dataset.UnreadableFileException;

/**
 * Reads the splits of one task and passes them to the tokenizer, a buffer at a time. A word that begins in a split is read
 * to its end; one that began before it is skipped. The first split of a file must be longer than a byte order mark, which
 * is skipped too.
 */
final class WordSource implements AutoCloseable {
    /** The size of one read. It should stay in the processor's L2 cache until it is counted. */
    private static final int BUFFER = 1 << 18;

    private static final long MIN_WORD_LIMIT = 16 << 20;
    private static final long MAX_WORD_LIMIT = 64 << 20;

    /**
     * A longer word, in bytes, fails the job; up to a buffer more may pass. There are about ten copies of a word between
     * file and result, and each task may have such a word.
     */
    private final int wordLimit = wordLimit(TaskMemory.SHARE.bytes());

    /** How much to read first after the end of a split, to find the end of its last word; then more each time. */
    private static final int TAIL_BYTES = 256;

    static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Iterator<InputSplit> splits;
    private final DecompressionGuard decompressionGuard;
    private final Tokenizer tokenizer;
    private final LongConsumer onRead;
    private final BiConsumer<InputSplit, String> onNonText;
    private byte[] buffer = new byte[BUFFER + Tokenizer.PADDING];
    /** How many bytes at the start of the buffer belong to a word whose end has not been read. */
    private int pending;

    private InputSplit split;
    private SeekableByteChannel file;
    private InputStream in;
    /** The file position of the next read. In a compressed file: how many bytes of it have been reported. */
    private long position;

    private boolean withinWord;

    /**
     * @param onRead called with the number of bytes of the splits that were read since the last call
     * @param onNonText called for a file that does not look like text, with what it looks like instead
     */
    WordSource(
            List<InputSplit> splits,
            DecompressionGuard decompressionGuard,
            Tokenizer tokenizer,
            LongConsumer onRead,
            BiConsumer<InputSplit, String> onNonText) {
        this.splits = splits.iterator();
        this.decompressionGuard = decompressionGuard;
        this.tokenizer = tokenizer;
        this.onRead = onRead;
        this.onNonText = onNonText;
    }

    /**
     * Reads and counts the next piece of the input.
     *
     * @return false if everything has been counted
     * @throws UnreadableFileException if a file cannot be read or decompressed
     */
    boolean countNext() throws UnreadableFileException {
        if (split == null && !splits.hasNext()) {
            return false;
        }
        boolean isNew = split == null;
        split = isNew ? splits.next() : split;
        String address = split.file().address();
        try {
            if (isNew) {
                open();
            }
            if (readAndCount()) {
                close();
            }
        } catch (IOException | RuntimeException | InternalError e) {
            // Codecs throw all kinds of exceptions for damaged data; zlib throws an InternalError.
            throw new UnreadableFileException(
                    address, e instanceof Exception exception ? exception : new IOException(e));
        }
        return true;
    }

    private void open() throws IOException {
        file = split.open();
        in = Channels.newInputStream(file);
        pending = 0;
        position = split.start();
        withinWord = split.start() > 0;
        if (split.compressed()) {
            in = decompressionGuard.limit(
                    split.file().compression().decompress(in, DecompressedInputStream.MEMORY_TIMEOUT), split.end());
        } else if (withinWord) {
            // The byte before shows whether a word begins here.
            position--;
            file.position(position);
        }
        if (split.start() == 0) {
            countHead();
        }
    }

    private void countHead() throws IOException {
        int size = split.compressed() ? FileSignature.HEAD : (int) Math.min(FileSignature.HEAD, split.end());
        int read = in.readNBytes(buffer, 0, Math.max(BYTE_ORDER_MARK.length, size));
        report(read);
        FileSignature.looksLike(Arrays.copyOf(buffer, read)).ifPresent(what -> onNonText.accept(split, what));
        boolean hasMark = read >= BYTE_ORDER_MARK.length
                && Arrays.equals(buffer, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
        count(hasMark ? BYTE_ORDER_MARK.length : 0, read);
    }

    /** Counts the words in the buffer, and moves one that reaches the limit to its start. */
    private void count(int from, int limit) {
        int rest = tokenizer.count(buffer, from, limit);
        pending = limit - rest;
        System.arraycopy(buffer, rest, buffer, 0, pending);
    }

    /** Returns whether the split is finished. */
    private boolean readAndCount() throws IOException {
        makeRoom();
        // A channel allocates an off-heap buffer as large as the read.
        int room = Math.min(BUFFER, buffer.length - Tokenizer.PADDING - pending);
        boolean beyond = !split.compressed() && position >= split.end();
        if (beyond && pending == 0) {
            return true;
        }
        int length = split.compressed()
                ? room
                : (int) Math.min(room, beyond ? Math.max(TAIL_BYTES, pending) : split.end() - position);
        int read = in.read(buffer, pending, length);
        if (read < 0) {
            return countLast(pending);
        }
        report(read);
        int limit = pending + read;
        if (beyond) {
            int end = firstSpace(pending, limit);
            pending = limit;
            return end < limit && countLast(end);
        }
        if (pending > 0 && firstSpace(pending, limit) == limit) {
            // A long word that arrives in many pieces is searched once, not again for each piece.
            pending = limit;
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

    /** Counts all that is in the buffer, including a word that reaches the limit. */
    private boolean countLast(int limit) {
        buffer[limit] = ' ';
        tokenizer.count(buffer, 0, limit + 1);
        if (split.compressed()) {
            onRead.accept(split.end() - position);
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
        if (pending > wordLimit) {
            throw tooLong(wordLimit);
        }
        int maxLength = wordLimit + BUFFER + Tokenizer.PADDING;
        if (pending >= buffer.length / 2 && buffer.length < maxLength) {
            buffer = Arrays.copyOf(buffer, Math.min(2 * buffer.length, maxLength));
        }
    }

    static InputLimitException tooLong(int wordLimit) {
        return new InputLimitException(
                "has a word longer than " + wordLimit + " bytes, the most that the memory of " + TaskMemory.owner()
                        + " allows",
                "words end at white space; is it a text?");
    }

    /** A share of the task's memory, but always enough for a word of 10 MB. */
    static int wordLimit(long taskMemory) {
        return (int) Math.max(MIN_WORD_LIMIT, Math.min(MAX_WORD_LIMIT, taskMemory / 16));
    }

    /** Reports bytes of the split itself: not the byte before it, and not the part of its last word after it. */
    private void report(int read) throws IOException {
        if (split.compressed()) {
            long now = Math.min(split.end(), file.position());
            onRead.accept(now - position);
            position = now;
        } else {
            long from = Math.min(split.end(), Math.max(split.start(), position));
            position += read;
            onRead.accept(Math.min(split.end(), position) - from);
        }
    }

    @Override
    public void close() throws IOException {
        split = null;
        if (in != null) {
            InputStream closing = in;
            in = null;
            closing.close();
        }
    }
}
