package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names and words that would be markup, turn text around or are very long are text, and break nothing. */
class HostileIT extends PageTest {
    private static final String NAME = Texts.MARKUP + Texts.BIDI;

    @AfterEach
    void nothingOfItWasTakenForMarkup() {
        assertFalse(page.title().equals("hacked"), "a name was run");
        assertThat(page.locator("main img")).hasCount(0);
    }

    private void assertFits() {
        assertEquals(
                page.evaluate("document.documentElement.clientWidth"),
                page.evaluate("document.documentElement.scrollWidth"),
                "nothing makes the page wider than the window");
    }

    @Test
    void inAJobsNameAndInItsResult() {
        String id = ended(NAME, Texts.HOSTILE);
        open("/jobs");
        assertThat(link(NAME)).isVisible();
        assertFits();
        open("/jobs/" + id);
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasText(NAME);
        assertThat(region("Result table")).containsText(Texts.MARKUP_WORD);
        assertThat(region("Result table")).containsText(Texts.BIDI);
        region("Result table").getByText("all 10,000 characters").click();
        assertThat(region("Result table")).containsText(Texts.LONG_WORD);
        assertFits();
        open("/jobs/" + id + "/log");
        assertThat(page.getByRole(AriaRole.LOG)).containsText(Texts.MARKUP);
        assertFits();
        open("/jobs/" + id + "/parameters");
        assertThat(page.getByRole(AriaRole.TABLE)).containsText(Texts.MARKUP);
        assertFits();
    }

    @Test
    void inTheNamesOfDatasets() {
        open("/datasets?path=texts");
        assertThat(page.getByRole(AriaRole.TABLE)).containsText(Texts.MARKUP);
        open("/datasets?path=texts&show=" + URLEncoder.encode(Texts.HOSTILE, StandardCharsets.UTF_8));
        assertThat(page.getByLabel("First lines")).containsText(Texts.MARKUP_WORD);
        assertFits();
        open("/new");
        textbox("Dataset").fill(Texts.HOSTILE);
        assertThat(page.getByLabel("Preview")).containsText(Texts.MARKUP_WORD);
        assertFits();
    }

    @Test
    void inTheAddress() {
        witness.provokeStatus(400);
        witness.provokeStatus(404);
        String markup = URLEncoder.encode(Texts.MARKUP, StandardCharsets.UTF_8).replace("+", "%20");
        open("/jobs?q=" + markup);
        assertThat(searchBox("Search jobs")).hasValue(Texts.MARKUP);
        open("/jobs/" + markup);
        assertThat(heading("Job not found, or already deleted")).isVisible();
        open("/" + markup);
        assertThat(heading("There is no such page")).isVisible();
        open("/datasets?path=" + markup);
        assertThat(page.getByRole(AriaRole.ALERT)).isVisible();
    }
}
