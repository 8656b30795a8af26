package tinderbox.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tinderbox.dataset.Compression;
import tinderbox.dataset.DriverFile;
import tinderbox.job.log.LogLine;

/** Messages of an executor that has the secret and means harm: decoding them must cost no more than their size. */
class MessageCodecTest {
    private static byte[] serialized(Object message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(message);
        }
        return bytes.toByteArray();
    }

    /** Each of them computes hashes of its parts when it is decoded, and those of their parts again and again. */
    static List<Object> hashing() {
        Set<Object> nested = new HashSet<>(Set.of("a"));
        for (int i = 0; i < 3; i++) {
            nested = new HashSet<>(Arrays.asList(nested, "b" + i));
        }
        return List.of(nested, Set.of("a", "b"), Map.of("a", 1), new HashMap<>(Map.of(List.of(), 1)));
    }

    @ParameterizedTest
    @MethodSource("hashing")
    void nothingThatHashesIsDecoded(Object part) throws IOException {
        assertThrows(IOException.class, () -> MessageCodec.decode(serialized(new Answer(part, null))));
    }

    static List<Object> unused() {
        return List.of(Instant.EPOCH, new AtomicLong(1), new long[] {1}, Thread.State.NEW);
    }

    @ParameterizedTest
    @MethodSource("unused")
    void onlyTheTypesOfMessagesAreDecoded(Object part) throws IOException {
        assertThrows(IOException.class, () -> MessageCodec.decode(serialized(new Answer(part, null))));
    }

    @Test
    void theTypesOfMessagesAreDecoded() throws IOException {
        for (Object part : List.<Object>of(1L, 2, "a", UUID.randomUUID())) {
            Answer answer = new Answer(part, null);
            assertEquals(answer, MessageCodec.decode(serialized(answer)));
        }
    }

    @ParameterizedTest
    @MethodSource("large")
    void aLengthIsNoReasonToAllocate(Serializable large, int length) throws IOException {
        byte[] message = serialized(new Answer(large, null));
        byte[] claim = ByteBuffer.allocate(4).putInt(length).array();
        for (int at = message.length - 4; at >= 0; at--) {
            if (Arrays.equals(message, at, at + 4, claim, 0, 4)) {
                ByteBuffer.wrap(message).putInt(at, MessageCodec.MAX_BYTES);
            }
        }

        IOException refused = assertThrows(IOException.class, () -> MessageCodec.decode(message));

        assertInstanceOf(InvalidClassException.class, refused.getCause(), "refused before it is allocated");
    }

    static List<Object[]> large() {
        return List.of(
                new Object[] {new byte[1_234], 1_234},
                new Object[] {new ArrayList<>(Collections.nCopies(1_234, "x")), 1_234});
    }

    /** Java decodes a record by its constructor, so that these checks count for what arrives. */
    static List<Executable> lies() {
        DriverFile file = new DriverFile(false, 10, 0, Compression.NONE);
        String megabyte = "x".repeat(1 << 20);
        LogLines.Line line = new LogLines.Line("job", LogLine.Level.INFO, "text");
        return List.of(
                () -> new Envelope("1\n2", new LookAtFile("tb:///in"), true),
                () -> new Envelope(megabyte, new LookAtFile("tb:///in"), true),
                () -> new Envelope("1", null, true),
                () -> new Hello(0, "4.2.0", "17", List.of()),
                () -> new Hello(1, "4.2.0\u001b[31m", "17", List.of()),
                () -> new Hello(1, "4.2.0", megabyte, List.of()),
                () -> new Hello(1, "4.2.0", null, List.of()),
                () -> new Hello(1, "4.2.0", "17", List.of("lab\u202e")),
                () -> new Hello(1, "4.2.0", "17", Collections.nCopies(1_001, "lab")),
                () -> new LogLines.Line(null, LogLine.Level.INFO, "text"),
                () -> new LogLines.Line(megabyte, LogLine.Level.INFO, "text"),
                () -> new LogLines.Line("job", null, "text"),
                () -> new LogLines.Line("job", LogLine.Level.INFO, megabyte),
                () -> new LogLines(Collections.nCopies(1_001, line), List.of()),
                () -> new LogLines(List.of(line), null),
                () -> new LogLines.LeftOut("job", -1),
                () -> new AddUnpacked(UUID.randomUUID(), -1),
                () -> new AddUnpacked(null, 1),
                () -> new LookAtFile(null),
                () -> new CheckRoot(null),
                () -> new ReadPiece("tb:///in/a", file, -1),
                () -> new ReadPiece("tb:///in/a", file, Long.MIN_VALUE),
                () -> new ReadPiece("tb:///in/a", file, 11),
                () -> new ReadPiece("tb:///in/a", null, 0));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void whatMakesNoSenseIsNoMessage(Executable lie) {
        assertThrows(RuntimeException.class, lie);
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"}) // as a stream of bytes can have it
    void aListOfOtherThingsIsNoMessage() {
        assertThrows(ClassCastException.class, () -> new LogLines((List) List.of("text"), List.of()));
        assertThrows(ClassCastException.class, () -> new Hello(1, "4.2.0", "17", (List) List.of(1)));
    }

    @Test
    void aLargeMessageIsRefusedUnread() {
        IOException refused = assertThrows(
                IOException.class, () -> MessageCodec.decode(serialized(new byte[MessageCodec.MAX_BYTES])));
        assertTrue(refused.getMessage().endsWith("is too large"), refused::getMessage);
    }
}
