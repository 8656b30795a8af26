package tinderbox.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownLabelsTest {
    @Test
    void labelsOfOneSubmitterDoNotKeepOutThoseOfOthers() {
        KnownLabels known = new KnownLabels();
        for (int i = 0; i < 20_000; i++) {
            known.add("many", Map.of("key", "" + i));
        }
        known.add("few", Map.of("mine", ""));
        Map<String, Long> many = new HashMap<>();
        known.addTo(many, "many");
        assertEquals(1_000, many.size());
        Map<String, Long> few = new HashMap<>();
        known.addTo(few, "few");
        assertEquals(Map.of("mine", 1L), few);
    }
}
