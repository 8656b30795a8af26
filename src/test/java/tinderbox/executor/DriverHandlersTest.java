package tinderbox.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import tinderbox.dataset.Compression;
import tinderbox.dataset.DriverFile;

class DriverHandlersTest {
    private record Square(int side) implements Request<Integer> {}

    private record Unhandled() implements Request<Void> {}

    @Test
    void aRequestGetsTheAnswerOfItsHandler() throws Exception {
        AtomicReference<String> sender = new AtomicReference<>();
        DriverHandlers.install(Square.class, (executor, square) -> {
            sender.set(executor);
            return square.side() * square.side();
        });

        Answer answer = answerTo(MessageCodec.encode(new Envelope("7", new Square(12), true)));

        assertEquals(144, answer.value());
        assertNull(answer.problem());
        assertEquals("7", sender.get());
    }

    @Test
    void aHandlerThatFailsAnswersWithTheReason() throws Exception {
        DriverHandlers.install(Square.class, (executor, square) -> {
            throw new IllegalArgumentException("no such square");
        });

        assertEquals(
                "no such square",
                answerTo(MessageCodec.encode(new Envelope("7", new Square(1), true)))
                        .problem());
    }

    @Test
    void whatIsNoMessageOfThisVersionIsRefused() throws Exception {
        assertEquals(
                "the driver does not know messages of type Unhandled",
                answerTo(MessageCodec.encode(new Envelope("7", new Unhandled(), true)))
                        .problem());
        String refused = "not a message of this version of Tinderbox";
        assertEquals(refused, answerTo("text").problem());
        assertEquals(refused, answerTo(MessageCodec.encode("text")).problem());
        assertTrue(answerTo(new byte[] {1, 2, 3}).problem() != null);
    }

    @Test
    void aMessageWithoutAnswerGetsNone() throws Exception {
        AtomicReference<Integer> got = new AtomicReference<>();
        DriverHandlers.install(Square.class, (executor, square) -> {
            got.set(square.side());
            return null;
        });

        assertNull(DriverHandlers.handle(MessageCodec.encode(new Envelope("7", new Square(3), false))));
        assertNull(DriverHandlers.handle(MessageCodec.encode(new Envelope("7", new Unhandled(), false))));
        assertEquals(3, got.get());
    }

    @Test
    void whatDescribesAFileIsDecoded() throws IOException {
        DriverFile file = new DriverFile(false, 3, 4, Compression.GZIP);
        Envelope message = new Envelope("7", new ReadPiece("tb:///lab/a.gz", file, 0), true);

        assertEquals(message, MessageCodec.decode(MessageCodec.encode(message)));
    }

    @Test
    void onlyClassesOfMessagesAreDecoded() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new File("any"));
        }

        assertThrows(IOException.class, () -> MessageCodec.decode(bytes.toByteArray()));
    }

    private static Answer answerTo(Object message) throws IOException {
        return (Answer) MessageCodec.decode(DriverHandlers.handle(message));
    }
}
