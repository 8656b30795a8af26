package tinderbox.job.result;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;

/** Sends a part to the server in pieces; has one of them in memory. Not thread-safe. */
final class PartOutputStream extends OutputStream {
    private final PartConnection server;
    private final UUID result;
    private final UUID part;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    private long sent;

    PartOutputStream(PartConnection server, UUID result, UUID part) {
        this.server = server;
        this.result = result;
        this.part = part;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int at = from;
        while (at < from + length) {
            int room = Math.min(PartBlock.MAX_BYTES - piece.size(), from + length - at);
            piece.write(bytes, at, room);
            at += room;
            if (piece.size() == PartBlock.MAX_BYTES) {
                send(-1);
            }
        }
    }

    /** Sends what is left; the part is then complete. */
    void finish(long rows) throws IOException {
        send(rows);
    }

    private void send(long rows) throws IOException {
        Long limit = server.send(new PartBlock(result, part, sent, piece.toByteArray(), rows));
        if (limit != null) {
            throw SizeLimit.exceeded(limit);
        }
        sent += piece.size();
        piece.reset();
    }
}
