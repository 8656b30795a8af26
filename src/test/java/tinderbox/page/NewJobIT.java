package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import org.junit.jupiter.api.Test;

/** The view that sends jobs. */
class NewJobIT extends PageTest {
    @Test
    void theFormIsDrawnFromWhatTheServerSays() {
        open("/new");
        assertThat(heading("New job")).isVisible();
        assertThat(page.getByLabel("Smallest count")).hasValue("1");
        assertThat(button("Run job")).isEnabled();
    }
}
