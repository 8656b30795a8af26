package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server goes away under the page, and comes back at the same address. */
class ConnectionIT extends PageTest {
    private final Site site = new Site();
    private final URI uri;

    ConnectionIT() throws IOException {
        this.uri = site.onOnePort().start().uri();
    }

    @AfterEach
    void stop() throws IOException {
        site.close();
    }

    @Override
    URI server() {
        return uri;
    }

    @Test
    void whenTheServerIsKilledThePageSaysSoAndCatchesUpWhenItIsBack() {
        witness.provokeOffline();
        ended("Before the break", Texts.SMALL);
        open("/jobs");
        assertThat(link("Before the break")).isVisible();
        navigation("New job").click();
        textbox("Name").fill("Written before the break");

        site.server().kill9();
        assertThat(page.getByText(Pattern.compile("^Offline – showing data from \\d\\d:\\d\\d\\. Retrying")))
                .isVisible();
        assertThat(button("Run job")).isDisabled();
        assertThat(textbox("Name")).hasValue("Written before the break");
        navigation("Jobs").click();
        assertThat(link("Before the break")).isVisible();

        site.start();
        submit("Sent meanwhile", Map.of("input", Texts.SMALL));
        // The page tries by itself as well, and may have been quicker.
        page.evaluate("[...document.querySelectorAll('button')].find((b) => b.textContent === 'Retry now')?.click()");
        assertThat(page.getByText("Reconnected").first()).isVisible();
        assertThat(link("Sent meanwhile")).isVisible();
        assertThat(page.getByText(Pattern.compile("^Offline –"))).hasCount(0);
        navigation("New job").click();
        assertThat(textbox("Name")).hasValue("Written before the break");
        assertThat(button("Run job")).isEnabled();
    }

    @Test
    void aJobThatACrashInterruptsGoesOnBeforeTheReadersEyes() {
        witness.provokeOffline();
        String id = submit("Interrupted", Map.of("input", Texts.SMALL, "delay_seconds", 2));
        open("/jobs/" + id);
        assertThat(facts()).containsText("Running");
        site.server().kill9();
        site.start();
        assertThat(facts()).containsText("attempt 2 of 2");
        assertThat(facts()).containsText("Succeeded");
        assertThat(region("Result table")).containsText("be");
        assertEquals(Texts.SMALL_CSV, api().csv(id));
    }
}
