package tinderbox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TempFolderTest {
    private final String before = System.getProperty("java.io.tmpdir");

    @TempDir
    Path base;

    @AfterEach
    void reset() {
        System.setProperty("java.io.tmpdir", before);
    }

    /** A user may have files in a folder with this name, or in the target of a link. */
    @Test
    void onlyFoldersOfServersAreRemoved() throws Exception {
        Path elsewhere = Files.createDirectory(base.resolve("elsewhere"));
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path data = Files.createDirectory(base.resolve("data"));
        Files.createSymbolicLink(data.resolve("tmp"), elsewhere);
        Path draft = Files.writeString(
                Files.createDirectory(elsewhere.resolve("thesis")).resolve("draft.txt"), "words");
        Path file = Files.writeString(elsewhere.resolve("run-" + UUID.randomUUID()), "a file");
        Path left = Files.createDirectory(elsewhere.resolve("run-" + UUID.randomUUID()));
        Files.writeString(left.resolve("libold.so"), "old");

        try (TempFolder folder = TempFolder.use(data)) {
            folder.removeOthers();
        }

        assertTrue(Files.exists(draft) && Files.exists(file));
        assertFalse(Files.exists(left));
        assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(elsewhere)));
    }
}
