package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tinderbox.fault.SharedCluster;

/** The page of a server that really runs its jobs on two workers. */
public abstract class ClusterPageChecks extends PageTest {
    @BeforeAll
    static void awaitExecutors() {
        Awaitility.await()
                .until(() ->
                        SharedCluster.get().apiClient().get("/api/v1/server").get("executors")
                                        instanceof java.util.List<?> executors
                                && executors.size() == 2);
    }

    @Override
    URI server() {
        return SharedCluster.get().server().uri();
    }

    @Test
    void aboutAndStagesNameTheHostsOfTheWorkers() {
        open("/about");
        assertThat(region("Server")).containsText("Ready, for ");
        Locator executors = region("Executors").getByRole(AriaRole.ROW);
        assertThat(executors).hasCount(3);
        assertThat(region("Executors")).containsText("127.0.0.1");
        assertThat(region("Executors")).containsText("127.0.0.2");

        open("/jobs/" + runJob("Counted by both", "samples/state-of-the-union") + "/stages");
        Locator hosts = page.locator("[data-label='Tasks by host']").first();
        assertThat(hosts).containsText("127.0.0.1: ");
        assertThat(hosts).containsText("127.0.0.2: ");
    }
}
