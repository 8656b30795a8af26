package tinderbox.http.message;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import tinderbox.job.result.read.RowParts;

/** The body of a response, read part by part so that a slow client does not keep it in memory. */
public interface ResponseBody extends Closeable {
    /** The size in bytes, or -1 if it is not known in advance. */
    long size();

    /** The next part; empty after the last. It may reuse the buffer of the previous one. */
    ByteBuffer next() throws IOException;

    /** Only these bytes of it; replaces this body, from which nothing has been read, and whose size is known. */
    default ResponseBody range(ByteRange range) throws IOException {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " has no ranges");
    }

    @Override
    default void close() throws IOException {}

    /** A body that is in memory already. */
    static ResponseBody of(byte[] bytes) {
        return new Bytes(ByteBuffer.wrap(bytes));
    }

    /** Bytes in memory. */
    record Bytes(ByteBuffer buffer) implements ResponseBody {
        private static final int PART = 1 << 16;

        @Override
        public long size() {
            return buffer.limit();
        }

        @Override
        public ByteBuffer next() {
            ByteBuffer part = buffer.slice(buffer.position(), Math.min(PART, buffer.remaining()));
            buffer.position(buffer.position() + part.remaining());
            return part;
        }

        @Override
        public ResponseBody range(ByteRange range) {
            return new Bytes(buffer.slice(Math.toIntExact(range.first()), Math.toIntExact(range.length())));
        }
    }

    /** A range of a file. The file may grow in the meantime. */
    final class FilePart implements ResponseBody {
        private final SeekableByteChannel file;
        private final long size;
        private final ByteBuffer part = ByteBuffer.allocate(1 << 16);
        private long remaining;

        /** All of {@code file}; {@link #close} closes it. */
        public FilePart(SeekableByteChannel file) throws IOException {
            this(file, 0, file.size());
        }

        /** The beginning of {@code file}; {@link #close} closes it. */
        public FilePart(SeekableByteChannel file, long size) throws IOException {
            this(file, 0, size);
        }

        private FilePart(SeekableByteChannel file, long from, long size) throws IOException {
            this.file = file.position(from);
            this.size = size;
            this.remaining = size;
        }

        @Override
        public FilePart range(ByteRange range) throws IOException {
            return new FilePart(file, range.first(), range.length());
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public ByteBuffer next() throws IOException {
            part.clear().limit((int) Math.min(part.capacity(), remaining));
            if (remaining > 0 && file.read(part) < 0) {
                throw new EOFException("the file was truncated while it was sent");
            }
            part.flip();
            remaining -= part.remaining();
            return part;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /** Several bodies, one after another. */
    record Joined(List<ResponseBody> bodies) implements ResponseBody {
        @Override
        public long size() {
            boolean isKnown = bodies.stream().allMatch(body -> body.size() >= 0);
            return isKnown ? bodies.stream().mapToLong(ResponseBody::size).sum() : -1;
        }

        @Override
        public ResponseBody range(ByteRange range) throws IOException {
            List<ResponseBody> parts = new ArrayList<>();
            long offset = 0;
            for (ResponseBody body : bodies) {
                long size = body.size();
                long first = Math.max(0, range.first() - offset);
                long last = Math.min(size - 1, range.last() - offset);
                if (first <= last) {
                    parts.add(body.range(new ByteRange(first, last)));
                } else {
                    body.close();
                }
                offset += size;
            }
            return new Joined(parts);
        }

        @Override
        public ByteBuffer next() throws IOException {
            for (ResponseBody body : bodies) {
                ByteBuffer part = body.next();
                if (part.hasRemaining()) {
                    return part;
                }
            }
            return ByteBuffer.allocate(0);
        }

        @Override
        public void close() throws IOException {
            for (ResponseBody body : bodies) {
                body.close();
            }
        }
    }

    /** The rows of one or several results. */
    record ResultRows(RowParts rows) implements ResponseBody {
        @Override
        public long size() {
            return -1;
        }

        @Override
        public ByteBuffer next() throws IOException {
            return rows.nextPart();
        }

        @Override
        public void close() throws IOException {
            rows.close();
        }
    }

    /** A body that gives something back when it is closed, which may happen more than once. */
    record Releasing(ResponseBody body, Runnable release) implements ResponseBody {
        @Override
        public long size() {
            return body.size();
        }

        @Override
        public ByteBuffer next() throws IOException {
            return body.next();
        }

        @Override
        public ResponseBody range(ByteRange range) throws IOException {
            return new Releasing(body.range(range), release);
        }

        @Override
        public void close() throws IOException {
            try {
                body.close();
            } finally {
                release.run();
            }
        }
    }
}
