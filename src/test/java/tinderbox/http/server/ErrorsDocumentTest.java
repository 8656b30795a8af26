package tinderbox.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tinderbox.job.ErrorCode;

/** docs/errors.md lists each error code with its status, and the server has a page that says the same. */
class ErrorsDocumentTest {
    private static final Path DOCUMENT = Path.of("docs/errors.md");
    private static final Path PAGE = Path.of("src/main/resources/static/errors.html");
    private static final String BEGIN = "ErrorsDocumentTest writes it. -->\n";
    private static final String END = "    <!-- The end of what";
    private static final Pattern IN_ANSWER =
            Pattern.compile("\\| `([a-z_]+)` \\| (\\d{3}) \\| [^|]{10,} \\| [^|]{5,} \\|");
    private static final Pattern IN_JOB = Pattern.compile("\\| `([a-z_]+)` \\| [^|]{10,} \\| [^|]{5,} \\|");

    /** The codes that jobs fail with but no request is refused with; a few are both. */
    static final Set<ErrorCode> JOBS_ALONE = Set.of(
            ErrorCode.INVALID_QUERY,
            ErrorCode.JOB_ERROR,
            ErrorCode.UNREADABLE_ON_WORKER,
            ErrorCode.TIMED_OUT,
            ErrorCode.OUT_OF_MEMORY,
            ErrorCode.SERVER_CRASHED,
            ErrorCode.CLUSTER_LOST);

    private static String part(int index) throws IOException {
        return Files.readString(DOCUMENT).split("\n## ", -1)[index];
    }

    private static Set<String> codes(Iterable<ErrorCode> codes) {
        Set<String> names = new TreeSet<>();
        codes.forEach(code -> names.add(code.code()));
        return names;
    }

    @Test
    void everyCodeOfAResponseIsListedOnceWithItsStatus() throws IOException {
        Map<String, Integer> documented = new LinkedHashMap<>();
        Matcher rows = IN_ANSWER.matcher(part(1));
        while (rows.find()) {
            assertEquals(null, documented.put(rows.group(1), Integer.parseInt(rows.group(2))), rows.group(1));
        }
        Map<String, Integer> real = Arrays.stream(ErrorCode.values())
                .filter(code -> !JOBS_ALONE.contains(code))
                .collect(Collectors.toMap(
                        ErrorCode::code, code -> ErrorMapper.status(code.kind()).code()));

        assertEquals(real, documented);
        assertEquals(
                documented.size(),
                part(1).lines().filter(line -> line.startsWith("| `")).count());
    }

    @Test
    void everyCodeThatAJobFailsWithIsListedOnce() throws IOException {
        Set<String> documented = new TreeSet<>();
        Matcher rows = IN_JOB.matcher(part(2));
        while (rows.find()) {
            assertTrue(documented.add(rows.group(1)), rows.group(1));
        }
        Set<ErrorCode> real = Arrays.stream(ErrorCode.values())
                .filter(code -> code.compareTo(ErrorCode.INVALID_INPUT) >= 0)
                .collect(Collectors.toSet());

        assertEquals(codes(real), documented);
        assertTrue(real.containsAll(JOBS_ALONE));
        assertEquals(
                documented.size(),
                part(2).lines().filter(line -> line.startsWith("| `")).count());
    }

    @Test
    void thePageOfTheServerSaysTheSame() throws IOException {
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        String expected =
                page.substring(0, from) + ErrorsPage.of(Files.readString(DOCUMENT)) + page.substring(page.indexOf(END));
        Path written = Path.of("target").resolve(PAGE.getFileName());
        Files.writeString(written, expected);

        assertEquals(expected, page, "docs/errors.md has changed: copy " + written + " to " + PAGE);
    }

    @Test
    void theReadmeLinksToIt() throws IOException {
        assertTrue(Files.readString(Path.of("README.md")).contains("(docs/errors.md)"));
    }
}
