package tinderbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleDataTest {
    private static final Path SOURCE = Path.of("sample-data");

    @TempDir
    private Path folder;

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aNewDataDirGetsAllSamples() throws IOException {
        SampleData.extract(folder.resolve("samples"));
        assertEquals(files(SOURCE), files(folder.resolve("samples")));
        Path airports = Path.of("air/airports.csv");
        assertArrayEquals(
                Files.readAllBytes(SOURCE.resolve(airports)),
                Files.readAllBytes(folder.resolve("samples").resolve(airports)));
    }

    @Test
    void anOldDataDirGetsNewFilesAndKeepsItsOwn() throws IOException {
        Path samples = Files.createDirectories(folder.resolve("samples"));
        Files.writeString(samples.resolve("moby-dick.txt"), "changed\n");
        Files.writeString(samples.resolve("mine.txt"), "mine\n");
        SampleData.extract(samples);
        assertEquals("changed\n", Files.readString(samples.resolve("moby-dick.txt")));
        assertEquals("mine\n", Files.readString(samples.resolve("mine.txt")));
        List<String> found = files(samples);
        assertEquals(files(SOURCE).size() + 1, found.size());
    }

    @Test
    void aLinkIsNotReplacedAndNothingIsWrittenThroughIt() throws IOException {
        Path samples = Files.createDirectories(folder.resolve("samples"));
        Path target = folder.resolve("target");
        Files.createSymbolicLink(samples.resolve("moby-dick.txt"), target);
        SampleData.extract(samples);
        assertEquals(target, Files.readSymbolicLink(samples.resolve("moby-dick.txt")));
        assertFalse(Files.exists(target));
    }

    @Test
    void aFolderThatCannotTakeTheFilesIsLeftAsItIs() throws IOException {
        Path samples = Files.createDirectories(folder.resolve("samples"));
        Files.writeString(samples.resolve("air"), "a file where a folder is expected\n");
        SampleData.extract(samples);
        assertEquals("a file where a folder is expected\n", Files.readString(samples.resolve("air")));
    }
}
