package tinderbox.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.internal.config.ConfigEntry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tinderbox.config.SparkConfRules;

/** The settings on which safety rests. */
class SparkSettingsTest {
    private static final Map<String, String> DEFAULTS = settings(Map.of());

    private static Map<String, String> settings(Map<String, String> ofOperator) {
        return new SparkSettings("local[2]", Path.of("/scratch"), false, 2, Map.of(), ofOperator).all();
    }

    @ParameterizedTest
    @CsvSource({
        "spark.sql.variable.substitute, true",
        "spark.sql.runSQLOnFiles, true",
        "spark.sql.files.ignoreCorruptFiles, true",
        "spark.sql.files.ignoreMissingFiles, true",
        "spark.files.ignoreCorruptFiles, true",
        "spark.files.ignoreMissingFiles, true",
        "spark.sql.defaultUrlStreamHandlerFactory.enabled, true",
        "spark.executor.killOnFatalError.depth, 5",
        "spark.authenticate, false",
        "spark.driver.bindAddress, 0.0.0.0",
        "spark.driver.host, 0.0.0.0"
    })
    void ourValueIsAllowedAndAnotherRefused(String name, String weak) {
        assertEquals(Optional.empty(), SparkConfRules.problem(name, DEFAULTS.get(name), true));
        assertTrue(SparkConfRules.problem(name, weak, true).isPresent());
        // There is no other name under which Spark would take it.
        ConfigEntry<?> entry = ConfigEntry.findEntry(name);
        assertTrue(
                entry == null || entry.alternatives().isEmpty(),
                () -> entry.alternatives().toString());
    }
}
