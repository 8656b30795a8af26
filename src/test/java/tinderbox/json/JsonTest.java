package tinderbox.json;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void anObjectThatEndsTooSoonIsMalformedWhereverItEnds() {
        String whole = "{\"a\\n\":\"x\\u001b\\\"\\\\\",\"b\":[true,null,-1.5e3,{}],\"c\":{\"d\":\"\\ud83d\\ude00\"}}";
        assertDoesNotThrow(() -> Json.readObject(whole.getBytes(StandardCharsets.UTF_8)));
        for (int end = 0; end < whole.length(); end++) {
            byte[] shorter = whole.substring(0, end).getBytes(StandardCharsets.UTF_8);
            MalformedJsonException refused =
                    assertThrows(MalformedJsonException.class, () -> Json.readObject(shorter), whole.substring(0, end));
            assertTrue(refused.getMessage().contains("position"), refused::getMessage);
        }
    }
}
