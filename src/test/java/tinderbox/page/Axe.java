package tinderbox.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Checks the accessibility of a page with Deque's axe. */
final class Axe {
    private static final String SOURCE = source();

    /** Returns each violation as rule, help and elements. */
    private static final String RUN = """
            async () => {
              const { violations } = await axe.run(document, { resultTypes: ['violations'] });
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
        if (!(Boolean) page.evaluate("'axe' in window")) {
            page.evaluate(SOURCE);
        }
        assertEquals(List.of(), page.evaluate(RUN), name);
    }
}
