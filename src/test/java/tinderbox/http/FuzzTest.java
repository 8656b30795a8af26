package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tinderbox.support.TestServer;

/** A few thousand; {@code ./run.sh soak --fuzz 100000} sends more. */
class FuzzTest {
    @Test
    void everyRequestGetsAResponseAndNeverAFailure() throws Exception {
        int port = TestServer.shared().port();

        Map<Integer, Integer> statuses = RequestFuzzer.run(port, 9000, new Random().nextLong());

        assertTrue(statuses.getOrDefault(200, 0) > 100 && statuses.getOrDefault(400, 0) > 100, statuses::toString);
        assertEquals(200, RawHttp.get("/livez").send(port).status());
    }
}
