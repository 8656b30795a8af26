package tinderbox.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of the access log, whatever happens to them. */
class AccessFileTest {
    @TempDir
    Path folder;

    private static byte[] line(int number) {
        return "line %04d\n".formatted(number).getBytes(StandardCharsets.UTF_8);
    }

    private String text(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    @Test
    void theNewestLinesAreKeptInEightFilesOfBoundedSize() throws IOException {
        try (AccessFile file = new AccessFile(folder, 8 * 20)) {
            for (int number = 1; number <= 1000; number++) {
                file.write(line(number));
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    List.of(
                            "access-1.jsonl",
                            "access-2.jsonl",
                            "access-3.jsonl",
                            "access-4.jsonl",
                            "access-5.jsonl",
                            "access-6.jsonl",
                            "access-7.jsonl",
                            "access.jsonl"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        assertEquals("line 0999\nline 1000\n", text("access.jsonl"));
        assertEquals("line 0997\nline 0998\n", text("access-1.jsonl"));
        assertEquals("line 0985\nline 0986\n", text("access-7.jsonl"));
    }

    @Test
    void aLineThatACrashCutIsRemovedAtTheNextStart() throws IOException {
        Files.writeString(folder.resolve("access.jsonl"), "line 0001\nline 00");
        try (AccessFile file = new AccessFile(folder, 1 << 20)) {
            file.write(line(2));
        }
        assertEquals("line 0001\nline 0002\n", text("access.jsonl"));
    }

    @Test
    void aFileThatIsDeletedRenamedOrCutIsBegunAgain() throws IOException {
        Path current = folder.resolve("access.jsonl");
        try (AccessFile file = new AccessFile(folder, 1 << 20)) {
            file.write(line(1));
            Files.delete(current);
            file.write(line(2));
            assertEquals("line 0002\n", text("access.jsonl"));
            Files.move(current, folder.resolve("mine"));
            file.write(line(3));
            assertEquals("line 0003\n", text("access.jsonl"));
            assertEquals("line 0002\n", text("mine"));
            Files.writeString(current, "");
            file.write(line(4));
            assertEquals("line 0004\n", text("access.jsonl"));
        }
    }

    @Test
    void afterAFailureItWritesAgain() throws IOException {
        Path current = folder.resolve("access.jsonl");
        try (AccessFile file = new AccessFile(folder, 1 << 20)) {
            Files.createDirectory(current);
            assertThrows(IOException.class, () -> file.write(line(1)));
            Files.delete(current);
            file.write(line(2));
        }
        assertEquals("line 0002\n", text("access.jsonl"));
    }
}
