package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The main tasks of users: submit a job, see why it failed, run it again. */
class UserStoriesIT extends PageTest {
    @Test
    void aJobIsSubmittedRunsSucceedsAndCanBeRunAgain() {
        open("/new");
        textbox("Dataset").fill(SampleTexts.SMALL);
        textbox("Name").fill("To be");
        textbox("Delay").fill("1");
        button("Run job").click();

        assertThat(heading("To be")).isVisible();
        assertThat(facts()).containsText("Running");
        assertThat(facts()).containsText("Succeeded");
        assertThat(row("be")).containsText("2");
        assertThat(row("or")).containsText("1");
        String first = openJobId();

        button("Run again").click();
        page.waitForURL(Pattern.compile("#/jobs/(?!" + first + ")"));
        assertThat(facts()).containsText("Succeeded");
        assertThat(row("be")).containsText("2");
        Map<String, Object> again = apiClient().job(openJobId());
        assertEquals(first, again.get("rerun_of"));
        assertEquals(apiClient().job(first).get("params"), again.get("params"));
        assertNotEquals(first, again.get("job_id"));
    }

    /** The way that docs/accessibility.md describes, with its blocks. */
    @Test
    void aScreenReaderHearsWhatTheDocumentSays() throws IOException {
        Iterator<String> blocks = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/accessibility.md")))
                .results()
                .map(block -> block.group(1))
                .iterator();
        // There is no preview of a missing file.
        pageMonitor.expectStatus(404);
        pageMonitor.expectStatus(422);
        open("/new");
        assertThat(page).hasTitle("New job · Tinderbox");
        assertThat(page.locator("body")).matchesAriaSnapshot(blocks.next());
        assertThat(page.locator("main")).matchesAriaSnapshot(blocks.next());
        page.evaluate("""
                window.said = [];
                for (const region of document.querySelectorAll('[role=status]')) {
                  new MutationObserver(() => window.said.push(region.textContent)).observe(region, { childList: true, subtree: true, characterData: true });
                }""");

        textbox("Dataset").fill("texts/nowhere.txt");
        button("Run job").click();
        assertThat(textbox("Dataset")).isFocused();
        assertThat(textbox("Dataset")).hasAttribute("aria-invalid", "true");
        assertThat(textbox("Dataset"))
                .hasAccessibleDescription(Pattern.compile("^Dataset does not exist or cannot be read"));

        textbox("Dataset").fill(SampleTexts.SMALL);
        textbox("Name").fill("Whales");
        textbox("Delay").fill("1");
        button("Run job").click();
        assertThat(heading("Whales")).isFocused();
        assertThat(page.locator("main")).matchesAriaSnapshot(blocks.next());
        assertThat(facts()).containsText("Succeeded");
        assertThat(page.locator("main")).matchesAriaSnapshot(blocks.next());
        assertThat(heading("Whales")).isFocused();
        assertFalse(blocks.hasNext());
        page.waitForCondition(() -> said().containsAll(List.of("Job accepted", "Succeeded: Whales")));
    }

    @SuppressWarnings("unchecked")
    private List<String> said() {
        return (List<String>) page.evaluate("window.said");
    }

    private Locator row(String word) {
        return region("Result table")
                .getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByRole(
                                AriaRole.CELL,
                                new Page.GetByRoleOptions().setName(word).setExact(true))));
    }

    @Test
    void aRefusedJobMarksEveryInvalidField() {
        pageMonitor.expectStatus(422);
        // There is no preview of a missing file.
        pageMonitor.expectStatus(404);
        open("/new");
        textbox("Dataset").fill("texts/nowhere.txt");
        textbox("Smallest count").fill("0");
        textbox("Shortest word").fill("many");
        button("Run job").click();

        assertThat(textbox("Dataset")).hasAttribute("aria-invalid", "true");
        assertThat(textbox("Dataset")).isFocused();
        assertThat(textbox("Smallest count")).hasAttribute("aria-invalid", "true");
        assertThat(textbox("Smallest count")).hasAccessibleDescription(Pattern.compile("must be"));
        assertThat(textbox("Shortest word")).hasAttribute("aria-invalid", "true");
        assertThat(textbox("Delay")).not().hasAttribute("aria-invalid", "true");
        assertThat(page).hasURL(Pattern.compile("#/new"));

        textbox("Dataset").fill(SampleTexts.SMALL);
        textbox("Smallest count").fill("1");
        textbox("Shortest word").fill("1");
        button("Run job").click();
        assertThat(facts()).containsText("Succeeded");
    }

    @Test
    void aFailedJobShowsWhy() {
        // If the test is slow, the page first shows that the file has no preview.
        pageMonitor.expectStatus(422);
        open("/new");
        textbox("Dataset").fill(SampleTexts.BROKEN);
        button("Run job").click();

        assertThat(facts()).containsText("Failed");
        Map<?, ?> error = (Map<?, ?>) apiClient().job(openJobId()).get("error");
        Locator cause = region("Why it failed");
        assertThat(cause).containsText(error.get("message").toString());
        assertThat(cause)
                .containsText(
                        error.get("hint").toString(), new LocatorAssertions.ContainsTextOptions().setIgnoreCase(true));

        button("Show stack trace").click();
        assertThat(region("Stack trace")).containsText("at org.apache.");

        button("Jump to the first error").click();
        assertThat(page).hasURL(Pattern.compile("/log\\?line=\\d+"));
        assertThat(page.getByRole(AriaRole.LOG).locator(".current")).containsText("ERROR");
    }
}
