package tinderbox.dataset.hadoop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The folders that Spark settings name. */
class HadoopSettingsTest {
    @ParameterizedTest
    @ValueSource(strings = {"/", "//", "/.", "/var/..", "file:///", "file:/var/../", "/../.."})
    void noSettingOpensTheWholeMachine(String value) {
        assertEquals(
                List.of(Path.of("/logs")),
                HadoopSettings.folders(Map.of("spark.eventLog.dir", value + ",file:///logs/")));
    }

    @Test
    void anEventLogWithoutAFolderIsInSparksDefault() {
        assertEquals(
                List.of(Path.of("/tmp/spark-events")),
                HadoopSettings.folders(Map.of("spark.eventLog.enabled", "true")));
        assertEquals(List.of(), HadoopSettings.folders(Map.of("spark.eventLog.enabled", "false")));
    }
}
