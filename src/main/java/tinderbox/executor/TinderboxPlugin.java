package tinderbox.executor;

import java.io.IOException;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/** Runs in the driver and in each executor of a cluster; not with a local master. */
public final class TinderboxPlugin implements SparkPlugin {
    @Override
    public DriverPlugin driverPlugin() {
        return new DriverHalf();
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new ExecutorHalf();
    }

    private static final class DriverHalf implements DriverPlugin {
        @Override
        public Map<String, String> init(SparkContext context, PluginContext plugin) {
            DriverHandlers.sessionStarts(context, plugin);
            return Map.of(ExecutorHalf.DRIVERS_SPARK, context.version());
        }

        @Override
        public Object receive(Object message) throws IOException {
            return DriverHandlers.handle(message);
        }
    }
}
