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

    private Path created() throws IOException {
        return Files.writeString(CdsArchive.nextTo(jar).fileOf(CONTENT.length()), CONTENT);
    }

    @Test
    void isFoundNextToItsJar() throws IOException {
        Path file = created();
        assertEquals(Optional.of(file), CdsArchive.nextTo(jar).find());
    }

    @Test
    void isNotUsedIfItIsTruncated() throws IOException {
        Files.writeString(created(), "cla");
        assertEquals(Optional.empty(), CdsArchive.nextTo(jar).find());
    }

    @Test
    void isNotUsedForAJarWithAnotherTime() throws IOException {
        created();
        Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
        assertEquals(Optional.empty(), CdsArchive.nextTo(jar).find());
    }

    @Test
    void onlyStaleArchivesAreDeleted() throws IOException {
        Path stale = created();
        Path foreign = Files.writeString(folder.resolve("tinderbox-for-tests.jsa"), "somebody else's");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
        Path current = created();
        CdsArchive.nextTo(jar).deleteStale();
        assertFalse(Files.exists(stale));
        assertTrue(Files.exists(current));
        assertTrue(Files.exists(foreign));
    }
}
