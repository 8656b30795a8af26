package tinderbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The list of licences and the bill of materials in the JAR have every bundled library. */
class LicencesTest {
    private static final Pattern OWN_VERSION = Pattern.compile("<artifactId>tinderbox</artifactId>\\s*<version>(.+)<");

    private static List<String> listed() throws IOException {
        try (var list = LicencesTest.class.getResourceAsStream("/META-INF/THIRD-PARTY.txt")) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("     ("))
                    .toList();
        }
    }

    /** Artifact and version of each bundled library, by its path in the repository. */
    private static List<String> bundled() throws IOException {
        return Arrays.stream(Files.readString(Path.of("target/bundled-libraries"))
                        .strip()
                        .split(File.pathSeparator))
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
                "not listed; update the list with mvn license:add-third-party cyclonedx:makeBom");
        assertEquals(
                List.of(),
                listed.stream().filter(line -> line.contains("Unknown license")).toList());
        assertEquals(bundled.size(), listed.size(), "some listed libraries are not bundled");
    }

    @Test
    void theBillOfMaterialsHasEachBundledLibraryAndNoOther() throws IOException {
        Matcher ownVersion = OWN_VERSION.matcher(Files.readString(Path.of("pom.xml")));
        assertTrue(ownVersion.find());
        JsonNode bill;
        try (var file = LicencesTest.class.getResourceAsStream("/META-INF/sbom/tinderbox.cdx.json")) {
            bill = new ObjectMapper().readTree(file);
        }

        assertEquals(
                new TreeSet<>(bundled()),
                new TreeSet<>(StreamSupport.stream(bill.path("components").spliterator(), false)
                        .map(component -> component.path("name").asText() + ":"
                                + component.path("version").asText())
                        .toList()),
                "update it with mvn license:add-third-party cyclonedx:makeBom");
        assertEquals(
                ownVersion.group(1),
                bill.path("metadata").path("component").path("version").asText(),
                "update it with mvn license:add-third-party cyclonedx:makeBom");
    }
}
