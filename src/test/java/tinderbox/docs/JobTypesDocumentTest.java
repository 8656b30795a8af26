package tinderbox.docs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The code of docs/job-types.md is in the files that it names, so that it compiles and its tests pass. */
class JobTypesDocumentTest {
    private static final Path DOCUMENT = Path.of("docs/job-types.md");
    private static final Pattern SOURCE = Pattern.compile("<!-- source: (.+) -->");

    static Stream<Block> javaBlocks() throws Exception {
        return Document.read(DOCUMENT).blocks().stream()
                .filter(block -> block.language().equals("java"));
    }

    @ParameterizedTest
    @MethodSource("javaBlocks")
    void theCodeIsInItsSource(Block block) throws Exception {
        Matcher source = SOURCE.matcher(Files.readAllLines(DOCUMENT).get(block.line() - 2));
        assertTrue(
                source.matches(), () -> DOCUMENT + ":" + block.line() + ": name the file with <!-- source: FILE -->");
        Path file = Path.of(source.group(1));
        assertTrue(
                withoutIndentation(Files.readAllLines(file)).contains(withoutIndentation(block.lines())),
                () -> DOCUMENT + ":" + block.line() + ": " + file + " has other lines");
    }

    private static String withoutIndentation(List<String> lines) {
        return lines.stream().map(String::strip).collect(Collectors.joining("\n", "\n", "\n"));
    }
}
