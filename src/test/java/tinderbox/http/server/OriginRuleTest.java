package tinderbox.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tinderbox.job.JobException;

class OriginRuleTest {
    private final OriginRule rule = new OriginRule(List.of("http://old.example:3000", "https://lab.example.org"));

    @ParameterizedTest(name = "Origin {0}, Sec-Fetch-Site {1}: may change {2}")
    @CsvSource(
            nullValues = "none",
            value = {
                "none, none, true",
                "none, same-origin, true",
                "none, cross-site, false",
                "http://localhost:8080, same-origin, true",
                "http://LOCALHOST:8080, none, true",
                "https://localhost:8080, none, true",
                "none, same-site, false",
                "none, none, true",
                "ftp://localhost:8080, none, false",
                "http://localhost, none, false",
                "http://localhost:8081, same-site, false",
                "http://old.example:3000, cross-site, true",
                "https://lab.example.org, cross-site, true",
                "http://lab.example.org, cross-site, false",
                "http://old.example:3000/, cross-site, false",
                "http://old.example, cross-site, false",
                "http://evil.example, cross-site, false",
                "null, cross-site, false"
            })
    void onlyOurOwnAndTheConfiguredOriginsMayChange(String origin, String fetchSite, boolean allowed) {
        assertEquals(allowed, mayChange(origin == null ? List.of() : List.of(origin), fetchSite));
    }

    private boolean mayChange(List<String> origins, String fetchSite) {
        try {
            rule.check(origins, "http", "localhost:8080", fetchSite);
            return true;
        } catch (JobException e) {
            return false;
        }
    }

    @ParameterizedTest(name = "Origin {0}: may read {1}")
    @CsvSource(
            nullValues = "none",
            value = {
                "http://old.example:3000, true",
                "https://lab.example.org, true",
                "http://OLD.example:3000, false",
                "http://old.example:3000/, false",
                "http://evil.example, false",
                "none, false"
            })
    void onlyTheConfiguredOriginsMayRead(String origin, boolean allowed) {
        assertEquals(allowed, rule.mayRead(origin));
        assertEquals(false, new OriginRule(List.of()).mayRead(origin));
    }

    @Test
    void severalOriginsAreForeign() {
        assertEquals(false, mayChange(List.of("http://localhost:8080", "http://localhost:8080"), null));
    }
}
