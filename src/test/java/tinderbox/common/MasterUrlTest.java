package tinderbox.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterUrlTest {
    @Test
    void severalMastersShareOneUrl() {
        MasterUrl url = MasterUrl.parse("spark://node-1:7077,[::1]:7078").orElseThrow();

        assertEquals(List.of("node-1", "[::1]"), url.hosts());
        assertEquals(List.of("spark://node-1:7077", "spark://[::1]:7078"), url.urls());
        assertEquals("spark://node-1:7077,[::1]:7078", url.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "spark://",
                "spark://a",
                "spark://a:0",
                "spark://a:65536",
                "spark://a:1,",
                "a:1",
                "spark://a b:1",
                "spark://a:1/x"
            })
    void anythingElseIsRefused(String text) {
        assertTrue(MasterUrl.parse(text).isEmpty());
    }

    @Test
    void theLocalAddressIsTheOneFromWhichTheFirstReachableMasterIsReached() throws Exception {
        assertEquals(
                "127.0.0.1",
                MasterUrl.parse("spark://no-such-host.invalid:7077,127.0.0.1:7077")
                        .orElseThrow()
                        .localAddress());
        IOException unknown = assertThrows(
                IOException.class,
                () -> MasterUrl.parse("spark://no-such-host.invalid:7077")
                        .orElseThrow()
                        .localAddress());
        assertEquals("the name no-such-host.invalid does not resolve", unknown.getMessage());
    }
}
