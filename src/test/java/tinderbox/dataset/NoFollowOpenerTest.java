package tinderbox.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NoFollowOpenerTest {
    @TempDir
    Path base;

    private Path root;
    private Path folder;
    private Path file;
    private Path outside;

    private interface Opening {
        SeekableByteChannel open(Path root, Path file) throws IOException;
    }

    /** The two ways to open a file: with {@code SecureDirectoryStream}, and without it. */
    static Stream<Named<Opening>> openings() {
        return Stream.of(
                Named.of("descending", NoFollowOpener::open),
                Named.of("looking", (root, file) -> NoFollowOpener.lookAndOpen(root, root.relativize(file))));
    }

    @BeforeEach
    void files() throws IOException {
        base = base.toRealPath();
        root = Files.createDirectories(base.resolve("root"));
        folder = Files.createDirectories(root.resolve("deep/er"));
        file = Files.writeString(folder.resolve("f.txt"), "inside");
        outside = Files.createDirectories(base.resolve("outside"));
        Files.writeString(outside.resolve("f.txt"), "outside");
    }

    private static String read(SeekableByteChannel opened) throws IOException {
        try (InputStream in = Channels.newInputStream(opened)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String refusal(Opening opening) {
        return assertThrows(FileReplacedException.class, () -> opening.open(root, file))
                .getMessage();
    }

    @ParameterizedTest
    @MethodSource("openings")
    void aFileIsReadEvenIfTheRootIsALink(Opening opening) throws IOException {
        assertEquals("inside", read(opening.open(root, file)));
        Path link = Files.createSymbolicLink(base.resolve("link"), root);
        assertEquals("inside", read(opening.open(link, link.resolve("deep/er/f.txt"))));
    }

    @ParameterizedTest
    @MethodSource("openings")
    void aLinkIsRefusedWithTheSameMessageWhateverItsTarget(Opening opening) throws IOException {
        Files.delete(file);
        Files.createSymbolicLink(file, outside.resolve("f.txt"));
        String refusal = refusal(opening);
        Files.delete(file);
        Files.createSymbolicLink(file, outside.resolve("missing.txt"));
        assertEquals(refusal, refusal(opening));
    }

    @ParameterizedTest
    @MethodSource("openings")
    void aLinkInPlaceOfAFolderAboveIsRefused(Opening opening) throws IOException {
        Files.move(folder, root.resolve("away"));
        Files.createSymbolicLink(folder, outside);
        String refusal = refusal(opening);
        Files.delete(folder);
        Files.createSymbolicLink(folder, base.resolve("missing"));
        assertEquals(refusal, refusal(opening));
    }

    @ParameterizedTest
    @MethodSource("openings")
    void aFolderInPlaceOfTheFileIsRefusedAndAMissingFileIsNotFound(Opening opening) throws IOException {
        Files.delete(file);
        assertThrows(NoSuchFileException.class, () -> opening.open(root, file));
        Files.createDirectory(file);
        refusal(opening);
    }

    /** Replaces the file and its folder by links and back, again and again. */
    private final class Swapper implements Runnable {
        private volatile boolean over;

        @Override
        public void run() {
            Path away = root.resolve("away");
            Path link = root.resolve("link");
            try {
                while (!over) {
                    Files.move(folder, away);
                    Files.createSymbolicLink(folder, outside);
                    Files.delete(folder);
                    Files.move(away, folder);
                    Files.createSymbolicLink(link, outside.resolve("f.txt"));
                    Files.move(link, file, StandardCopyOption.ATOMIC_MOVE);
                    Files.writeString(away, "inside");
                    Files.move(away, file, StandardCopyOption.ATOMIC_MOVE);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void aRacingThreadCannotEscape() throws Exception {
        Swapper swapper = new Swapper();
        Thread racing = new Thread(swapper);
        racing.start();
        int read = 0;
        int refused = 0;
        long deadline = System.nanoTime() + 20_000_000_000L;
        try {
            while ((read < 500 || refused < 500) && racing.isAlive() && System.nanoTime() < deadline) {
                try {
                    assertEquals("inside", read(NoFollowOpener.open(root, file)));
                    read++;
                } catch (IOException e) {
                    refused++;
                }
            }
        } finally {
            swapper.over = true;
            racing.join();
        }
        assertEquals(true, read >= 500 && refused >= 500, read + " read, " + refused + " refused");
    }
}
