package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The layout of the JAR is as the server reads it. */
class JarIT {
    @ParameterizedTest
    @CsvSource({"static/, src/main/resources/static", "sample-data/, sample-data"})
    void theEntriesOfAFolderAreCompleteAndContiguous(String folder, Path source) throws IOException {
        List<String> expected;
        try (Stream<Path> files = Files.walk(source)) {
            expected = files.filter(Files::isRegularFile)
                    .map(file -> folder + source.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
        try (JarFile jar = new JarFile(ServerProcess.jar().toFile())) {
            List<String> contiguous = jar.stream()
                    .map(JarEntry::getName)
                    .dropWhile(name -> !name.startsWith(folder))
                    .takeWhile(name -> name.startsWith(folder))
                    .filter(name -> !name.endsWith("/"))
                    .sorted()
                    .toList();
            assertEquals(expected, contiguous);
        }
    }

    /** Otherwise two builds of the same commit would not be equal; {@code ./run.sh reproduce} compares them. */
    @Test
    void noEntryHasATimeOfThisBuild() throws IOException {
        Instant compiled = Files.getLastModifiedTime(Path.of("target/classes/tinderbox/cli/Main.class"))
                .toInstant();
        // A JAR has local times, of the time zone in which it was packed.
        LocalDateTime before = LocalDateTime.ofInstant(compiled, ZoneOffset.UTC).minusDays(1);
        try (JarFile jar = new JarFile(ServerProcess.jar().toFile())) {
            assertEquals(
                    List.of(),
                    jar.stream()
                            .filter(entry -> entry.getTimeLocal().isAfter(before))
                            .map(JarEntry::getName)
                            .toList());
        }
    }
}
