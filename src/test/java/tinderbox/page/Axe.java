package tinderbox.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Checks the accessibility of a page with Deque's axe. */
final class Axe {
    private static final String SOURCE = source();
    private static final List<String> COLOURS = List.of("color-contrast", "link-in-text-block");

    /** Returns each violation as rule, help and elements. */
    private static final String RUN = """
            async (options) => {
              const { violations } = await axe.run(document, { resultTypes: ['violations'], ...options });
              return violations.map(({ id, help, nodes }) =>
                `${id}: ${help}: ${nodes.map((node) => `${node.target} (${node.failureSummary})`).join(', ')}`);
            }
            """;

    private Axe() {}

    private static String source() {
        try (InputStream in = Axe.class.getResourceAsStream("/axe.min.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails if the current page has violations, and lists all of them. */
    static void assertNoViolations(Page page, String name) {
        check(page, name, Map.of());
    }

    /** As above, but only of the rules about colours: a view differs from itself in another theme by nothing else. */
    static void assertColours(Page page, String name) {
        check(page, name, Map.of("runOnly", COLOURS));
    }

    /** As above, but only of the other rules. They are quicker. */
    static void assertAllButColours(Page page, String name) {
        Map<String, Object> off = Map.of("enabled", false);
        check(page, name, Map.of("rules", COLOURS.stream().collect(Collectors.toMap(rule -> rule, rule -> off))));
    }

    private static void check(Page page, String name, Map<String, Object> options) {
        if (!(Boolean) page.evaluate("'axe' in window")) {
            page.evaluate(SOURCE);
        }
        assertEquals(List.of(), page.evaluate(RUN, options), name);
    }
}
