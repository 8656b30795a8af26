package tinderbox.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.internal.config.ConfigEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tinderbox.config.SparkConfRules;

/** The settings on which safety rests. */
class SparkSettingsTest {
    private static final Map<String, String> DEFAULTS = settings("local[2]", Map.of());
    private static final String CLUSTER = "spark://node1:7077";

    private static Map<String, String> settings(String master, Map<String, String> ofOperator) {
        ClusterSettings cluster = new ClusterSettings(null, "127.0.0.1", List.of(), null);
        return new SparkSettings(
                        master,
                        cluster,
                        Path.of("/scratch"),
                        false,
                        2,
                        Map.of(),
                        Path.of("/scratch/tasks.jar"),
                        ofOperator)
                .all();
    }

    @Test
    void executorsGetThePluginAndItsClassesBesideWhatTheOperatorSets() {
        Map<String, String> alone = settings(CLUSTER, Map.of());
        assertEquals("tinderbox.executor.TinderboxPlugin", alone.get("spark.plugins"));
        assertEquals("/scratch/tasks.jar", alone.get("spark.jars"));
        assertEquals("true", alone.get("spark.executor.userClassPathFirst"));

        Map<String, String> ofOperator =
                settings(CLUSTER, Map.of("spark.plugins", "org.example.Plugin", "spark.jars", "/a.jar,/b.jar"));
        assertEquals("tinderbox.executor.TinderboxPlugin,org.example.Plugin", ofOperator.get("spark.plugins"));
        assertEquals("/scratch/tasks.jar,/a.jar,/b.jar", ofOperator.get("spark.jars"));
        assertTrue(SparkConfRules.problem("spark.executor.userClassPathFirst", "false", false)
                .isPresent());
    }

    @Test
    void aLocalSessionHasNeither() {
        assertFalse(DEFAULTS.containsKey("spark.plugins"));
        assertFalse(DEFAULTS.containsKey("spark.jars"));
        assertFalse(DEFAULTS.containsKey("spark.executor.userClassPathFirst"));
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
