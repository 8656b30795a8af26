package tinderbox.http.server;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

class HostRuleTest {
    private final HostRule rule = new HostRule(List.of("Box.example", "proxy.example"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8080",
                "LOCALHOST:1",
                "localhost.",
                "app.localhost:8080",
                "127.0.0.1:8080",
                "10.0.0.255",
                "[::1]:8080",
                "[2001:DB8::7]",
                "[::ffff:10.0.0.1]",
                "box.example:8080",
                "BOX.EXAMPLE"
            })
    void ownNamesAndAddressesAreAllowed(String host) {
        assertDoesNotThrow(() -> rule.check(host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "box.example.evil.example",
                "evil-box.example",
                "localhost.evil.example",
                "evillocalhost",
                "127.0.0.1.evil.example",
                "256.0.0.1",
                "127.0.0",
                "127.1",
                "2130706433",
                "0x7f.0.0.1",
                "[fe80::g]",
                "[:::]"
            })
    void otherNamesAreNot(String host) {
        ErrorCode expected = host.contains("g]") ? ErrorCode.MALFORMED_REQUEST : ErrorCode.FOREIGN_HOST;
        assertEquals(
                expected,
                assertThrows(JobException.class, () -> rule.check(host)).code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":8080", "local host", "a/b", "user@localhost", "localhost:", "localhost:x", "[::1", "a,b"})
    void aMalformedHostIsRefused(String host) {
        assertEquals(
                ErrorCode.MALFORMED_REQUEST,
                assertThrows(JobException.class, () -> rule.check(host)).code());
    }
}
