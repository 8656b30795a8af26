package tinderbox.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both halves of reading what only the server sees, without a cluster between them. */
class DriverFilesTest {
    @TempDir
    private Path base;

    private Path file;
    private byte[] content;
    private Wire wire;

    /** An executor's connection to the server's half. */
    private static final class Wire implements DriverConnection {
        private final DriverFiles files;
        private int pieces;

        private Wire(DriverFiles files) {
            this.files = files;
        }

        @Override
        public String host() {
            return "node1";
        }

        @Override
        public DriverFile look(String address) {
            return files.look(address);
        }

        @Override
        public byte[] read(String address, DriverFile expected, long from) throws IOException {
            pieces++;
            return files.read(address, expected, from);
        }

        @Override
        public long unpacked(UUID pass, long bytes) {
            return DecompressionGuard.addUnpacked(pass, bytes);
        }
    }

    @BeforeEach
    void writeFiles() throws IOException {
        content = new byte[2 * DriverFiles.PIECE + 5];
        new Random(1).nextBytes(content);
        Path lab = Files.createDirectories(base.resolve("lab"));
        file = Files.write(lab.resolve("a b.txt"), content);
        Files.writeString(base.resolve("secret.txt"), "secret");
        Files.createSymbolicLink(lab.resolve("away.txt"), base.resolve("secret.txt"));
        Path shared = Files.createDirectories(base.resolve("shared"));
        Files.writeString(shared.resolve("b.txt"), "shared");
        wire = new Wire(new DriverFiles(Map.of(
                "lab", new LocalRoot("lab", lab, false),
                "shared", new LocalRoot("shared", shared, true))));
    }

    private DriverFileChannel open() throws IOException {
        return new DriverFileChannel(wire, "tb:///lab/a%20b.txt");
    }

    @Test
    void aFileArrivesInPieces() throws IOException {
        assertArrayEquals(content, Channels.newInputStream(open()).readAllBytes());
        assertEquals(3, wire.pieces);
    }

    @Test
    void aTaskGetsOnlyThePiecesThatItReads() throws IOException {
        DriverFileChannel channel = open();
        channel.position(content.length - 5);
        ByteBuffer rest = ByteBuffer.allocate(10);
        assertEquals(5, channel.read(rest));
        assertEquals(-1, channel.read(rest));
        assertEquals(content[content.length - 1], rest.get(4));
        assertEquals(1, wire.pieces);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tb:///lab/away.txt",
                "tb:///lab/../secret.txt",
                "tb:///lab/%2e%2e/secret.txt",
                "tb:///lab/..%2Fsecret.txt",
                "tb:///lab/none.txt",
                "tb:///shared/b.txt",
                "tb:///none/a.txt",
                "tb://lab/a.txt",
                "file:///etc/hostname",
                "/etc/hostname",
                ""
            })
    void nothingElseIsSent(String address) {
        assertNull(wire.look(address));
        assertThrows(NoSuchFileException.class, () -> new DriverFileChannel(wire, address));
        DriverFile guessed = new DriverFile(false, 6, 0, Compression.NONE);
        assertThrows(FileReplacedException.class, () -> wire.read(address, guessed, 0));
    }

    @Test
    void aFileThatChangesMeanwhileIsNotReadOn() throws IOException {
        DriverFileChannel channel = open();
        channel.read(ByteBuffer.allocate(1));
        Files.write(file, new byte[content.length + 1]);
        channel.position(DriverFiles.PIECE);
        assertThrows(FileReplacedException.class, () -> channel.read(ByteBuffer.allocate(1)));
    }
}
