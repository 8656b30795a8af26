package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
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
}
