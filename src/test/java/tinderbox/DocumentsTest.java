package tinderbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tinderbox.config.Setting;
import tinderbox.config.SparkConfRules;
import tinderbox.support.RouteTable;

/** The documents list what the code has. */
class DocumentsTest {
    private static final Path SOURCES = Path.of("src/main/java/tinderbox");
    private static final Pattern ENDPOINT =
            Pattern.compile("^\\| `([A-Z]+) (/\\S+)` \\| (\\w*) ?\\|", Pattern.MULTILINE);
    private static final Pattern OPTIONS_ROW = Pattern.compile("^\\| (`--[^|]+) \\| ([^|]*)\\|", Pattern.MULTILINE);
    private static final Pattern FLAG = Pattern.compile("`(--[a-z-]+)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]\\w+)(?:\\.([A-Z]\\w+))?`");
    private static final Pattern MODULE = Pattern.compile("`([a-z]+/[a-z-]+\\.js)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text after a heading of a document, up to the next heading of its level. */
    private static String section(String document, String heading) {
        String text = read(Path.of(document));
        int from = text.indexOf("\n" + heading + "\n");
        assertTrue(from >= 0, document + " has no " + heading);
        int to = text.indexOf("\n" + heading.substring(0, heading.indexOf(' ') + 1), from + 1);
        return text.substring(from, to < 0 ? text.length() : to);
    }

    private static List<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }

    @Test
    void operationsListsTheSparkSettingsThatCannotBeWeakened() {
        String table = section("docs/operations.md", "### Spark settings that stay");
        List<String> documented = table.lines()
                .filter(line -> line.startsWith("| `spark."))
                .flatMap(line -> matches(CODE, line.substring(0, line.indexOf(" | "))).stream())
                .map(match -> match.group(1))
                .sorted()
                .toList();
        assertEquals(SparkConfRules.names().stream().sorted().toList(), documented);
    }

    @Test
    void theApiListsEveryEndpointWithItsRole() {
        Map<String, String> real = new TreeMap<>();
        RouteTable.rows().forEach(row -> real.put(row.method() + " " + row.path(), row.role()));
        Map<String, String> documented = new TreeMap<>();
        for (MatchResult endpoint : matches(ENDPOINT, section("docs/api.md", "## Endpoints"))) {
            documented.put(endpoint.group(1) + " " + endpoint.group(2), endpoint.group(3));
        }

        assertEquals(real, documented);
    }

    @Test
    void operationsListsEveryOptionWithItsDefault() {
        Map<String, String> documented = new TreeMap<>();
        for (MatchResult row : matches(OPTIONS_ROW, section("docs/operations.md", "## Options"))) {
            List<MatchResult> flags = matches(FLAG, row.group(1));
            List<MatchResult> defaults = matches(CODE, row.group(2));
            for (int i = 0; i < flags.size(); i++) {
                documented.put(
                        flags.get(i).group(1),
                        i < defaults.size() ? defaults.get(i).group(1) : "");
            }
        }
        Set<String> flags =
                Arrays.stream(Setting.values()).map(Setting::flag).collect(Collectors.toCollection(TreeSet::new));
        flags.addAll(List.of("--config", "--print-config"));

        assertEquals(flags, documented.keySet());
        for (Setting setting : Setting.values()) {
            String documentedDefault = documented.get(setting.flag());
            if (!documentedDefault.isEmpty()) {
                assertEquals(setting.defaultText(), documentedDefault, setting.flag());
            }
        }
    }

    @Test
    void everyTypeAndModuleInTheArchitectureExists() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> sources.put(file.getFileName().toString().replace(".java", ""), read(file)));
        }
        List<String> unknown = new ArrayList<>();
        for (MatchResult type : matches(TYPE, section("docs/architecture.md", "## The longest paths"))) {
            String source = sources.getOrDefault(type.group(1), "");
            if (source.isEmpty() || (type.group(2) != null && !source.contains(" " + type.group(2) + " "))) {
                unknown.add(type.group());
            }
        }

        for (MatchResult module : matches(MODULE, read(Path.of("docs/architecture.md")))) {
            if (!Files.exists(Path.of("src/main/resources/static/js", module.group(1)))) {
                unknown.add(module.group());
            }
        }

        assertEquals(List.of(), unknown);
    }

    @Test
    void everyLinkHasATarget() throws IOException {
        List<Path> documents =
                new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md"), Path.of("SECURITY.md")));
        try (Stream<Path> files = Files.list(Path.of("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
        }
        List<String> broken = new ArrayList<>();
        for (Path document : documents) {
            for (MatchResult link : matches(LINK, read(document))) {
                if (!link.group(1).contains("://") && !hasTarget(document, link.group(1))) {
                    broken.add(document + ": " + link.group(1));
                }
            }
        }

        assertEquals(List.of(), broken);
    }

    private static boolean hasTarget(Path document, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
        return Files.exists(target)
                && (parts.length == 1
                        || matches(HEADING, read(target)).stream()
                                .anyMatch(heading -> anchor(heading.group(1)).equals(parts[1])));
    }

    /** The anchor that GitHub gives a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
    }
}
