package tinderbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The list of licences in the JAR has every bundled library. */
class LicencesTest {
    private static final Pattern LEFT_OUT = Pattern.compile("<exclude>([\\w.]+):([\\w.*-]+)</exclude>");

    private static List<String> listed() throws IOException {
        try (var list = LicencesTest.class.getResourceAsStream("/META-INF/THIRD-PARTY.txt")) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("     ("))
                    .toList();
        }
    }

    /** Paths in a repository of the libraries that the JAR leaves out. */
    private static List<String> leftOut() throws IOException {
        return LEFT_OUT.matcher(Files.readString(Path.of("pom.xml")))
                .results()
                .map(LicencesTest::folder)
                .toList();
    }

    private static String folder(MatchResult library) {
        String artifact = library.group(2).equals("*") ? "" : library.group(2) + "/";
        return "/" + library.group(1).replace('.', '/') + "/" + artifact;
    }

    /** Artifact and version of each bundled library, by its path in the repository. */
    private static List<String> bundled() throws IOException {
        List<String> leftOut = leftOut();
        return Arrays.stream(Files.readString(Path.of("target/bundled-libraries"))
                        .strip()
                        .split(File.pathSeparator))
                .filter(jar -> leftOut.stream().noneMatch(jar::contains))
                .map(jar -> Path.of(jar).getParent())
                .map(version -> version.getParent().getFileName() + ":" + version.getFileName())
                .distinct()
                .toList();
    }

    @Test
    void eachBundledLibraryIsListedWithItsLicence() throws IOException {
        List<String> listed = listed();
        List<String> bundled = bundled();
        assertTrue(bundled.size() > 100, () -> bundled.size() + " libraries");
        assertEquals(
                List.of(),
                bundled.stream()
                        .filter(library -> listed.stream().noneMatch(line -> line.contains(":" + library + " - ")))
                        .toList(),
                "not listed; update the list with mvn license:add-third-party");
        assertEquals(
                List.of(),
                listed.stream().filter(line -> line.contains("Unknown license")).toList());
        assertEquals(bundled.size(), listed.size(), "some listed libraries are not bundled");
    }
}
