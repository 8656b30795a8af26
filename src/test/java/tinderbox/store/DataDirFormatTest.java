package tinderbox.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirFormatTest {
    @TempDir
    Path path;

    private Path file() {
        return path.resolve("format");
    }

    private String refusal() {
        DataDir.UnavailableException refused =
                assertThrows(DataDir.UnavailableException.class, () -> DataDir.open(path));
        assertEquals(
                refused.getMessage(),
                assertThrows(DataDir.UnavailableException.class, () -> DataDir.requireUsable(path))
                        .getMessage());
        return refused.getMessage();
    }

    @Test
    void aNewDataDirGetsTheNumberAndOpensAgain() throws IOException {
        Path folder = path.resolve("new/data");
        DataDir.open(folder).close();
        assertEquals("1\n", Files.readString(folder.resolve("format")));
        DataDir.open(folder).close();
    }

    @Test
    void whatACrashBeforeTheFileLeavesIsADataDirWithoutOne() throws IOException {
        Files.writeString(path.resolve("lock"), "");
        Files.writeString(path.resolve("format.tmp"), "");
        DataDir.open(path).close();
        assertEquals("1\n", Files.readString(file()));
        assertFalse(Files.exists(path.resolve("format.tmp")));
    }

    @Test
    void lookingChangesNothing() throws IOException {
        DataDir.requireKnownFormat(path);
        DataDir.requireKnownFormat(path.resolve("none"));
        DataDir.requireUsable(path);
        assertFalse(Files.exists(file()));
    }

    @Test
    void aGreaterNumberIsRefusedAndTheLockIsFree() throws IOException {
        Files.writeString(file(), "2\n");
        assertEquals(
                "the data dir " + path + " has format 2, and this version of Tinderbox knows formats up to 1; start the"
                        + " newer version again, or restore a backup that was made before the upgrade",
                refusal());
        assertEquals("2\n", Files.readString(file()));
        Files.writeString(file(), "1");
        DataDir.open(path).close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n", "0", "01", "-1", "1 2", "1\n\n", "two", "2.0", "9999999999", "\u0661", "\u0000\u0000"})
    void aDamagedFileIsRefusedAndKept(String content) throws IOException {
        Files.writeString(file(), content);
        assertTrue(refusal().startsWith("the file " + file() + " is damaged"), this::refusal);
        assertEquals(content, Files.readString(file()));
    }

    @Test
    void anEndlessFileIsDamaged() throws IOException {
        Files.writeString(file(), "1".repeat(1 << 20));
        assertTrue(refusal().contains("is damaged"), this::refusal);
    }

    @Test
    void whatCannotBeReadIsNotTakenForMissing() throws IOException {
        Files.createDirectory(file());
        assertTrue(refusal().contains("it is not a file: " + file()), this::refusal);
        Files.delete(file());
        Files.createSymbolicLink(file(), path.resolve("nowhere"));
        assertTrue(refusal().contains("it is not a file: " + file()), this::refusal);
        assertTrue(Files.isSymbolicLink(file()));
    }
}
