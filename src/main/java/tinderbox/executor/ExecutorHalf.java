package tinderbox.executor;

import java.util.Map;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import tinderbox.dataset.DriverConnection;
import tinderbox.dataset.hadoop.HadoopSettings;

/** The plugin's part in an executor. */
final class ExecutorHalf implements ExecutorPlugin {
    /** Spark runs no task here before this returns. */
    @Override
    public void init(PluginContext context, Map<String, String> settings) {
        DriverLink driver = DriverLink.open(context);
        HadoopSettings.install();
        DriverConnection.install(new InputMessages.Connection(driver));
    }
}
