package tinderbox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CdsArchiveTest {
    private static final String CONTENT = "classes";

    @TempDir
    private Path folder;

    private Path jar;

    @BeforeEach
    void aJar() throws IOException {
        jar = Files.writeString(folder.resolve("tinderbox.jar"), "a JAR");
    }

    private Path made() throws IOException {
        return Files.writeString(CdsArchive.beside(jar).fileOf(CONTENT.length()), CONTENT);
    }

    @Test
    void isFoundBesideItsJar() throws IOException {
        Path file = made();
        assertEquals(Optional.of(file), CdsArchive.beside(jar).find());
    }

    @Test
    void isNotUsedWhereItIsCutShort() throws IOException {
        Files.writeString(made(), "cla");
        assertEquals(Optional.empty(), CdsArchive.beside(jar).find());
    }

    @Test
    void isNotUsedForAJarOfAnotherTime() throws IOException {
        made();
        Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
        assertEquals(Optional.empty(), CdsArchive.beside(jar).find());
    }

    @Test
    void goesOnceItIsStaleWithNothingElse() throws IOException {
        Path stale = made();
        Path foreign = Files.writeString(folder.resolve("tinderbox-for-tests.jsa"), "somebody else's");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
        Path current = made();
        CdsArchive.beside(jar).deleteStale();
        assertFalse(Files.exists(stale));
        assertTrue(Files.exists(current));
        assertTrue(Files.exists(foreign));
    }
}
