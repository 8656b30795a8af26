package tinderbox.executor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.Redactor;
import tinderbox.dataset.DriverConnection;
import tinderbox.dataset.hadoop.HadoopSettings;
import tinderbox.job.result.PartConnection;

/** The plugin's part in an executor. */
final class ExecutorHalf implements ExecutorPlugin {
    /** The key of the driver's version of Spark in the settings that the driver's half gives. */
    static final String DRIVERS_SPARK = "spark-version";

    private static final Logger LOG = LoggerFactory.getLogger(ExecutorHalf.class);
    private static final Duration REPEAT_AFTER = Duration.ofSeconds(10);

    private TaskOutput output;

    /**
     * Spark gives this executor tasks once this has returned. A refused executor stays here: if this threw, or the driver
     * ended the executor, the cluster would start another on the same worker, again and again.
     */
    @Override
    public void init(PluginContext context, Map<String, String> settings) {
        WorkerCheck.requireWorker();
        DriverLink link = DriverLink.open(context);
        Hello refused = Hello.ofThisProcess(List.of());
        String refusal = refused.refusal(settings.get(DRIVERS_SPARK));
        if (refusal != null) {
            // Before anything that another version may not have.
            LOG.error("This executor gets no tasks: {}", refusal);
            stayIdle(link, refused);
        }
        HadoopSettings.install();
        DriverConnection.install(new InputMessages.Connection(link));
        PartConnection.install(new ResultMessages.Connection(link));
        Map<String, Path> roots =
                HadoopSettings.localRoots(SparkHadoopUtil.get().newConfiguration(context.conf()));
        output = new TaskOutput(link::send, redactor(roots)::apply, System::nanoTime);
        output.install();
        try {
            link.ask(Hello.ofThisProcess(unreadableRoots(context.conf(), link)));
        } catch (IOException e) {
            throw new IllegalStateException("the driver does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the executor stops", e);
        }
    }

    private static List<String> unreadableRoots(SparkConf conf, DriverLink link) {
        return HadoopSettings.unreadableRoots(conf, root -> {
            try {
                return link.ask(new CheckRoot(root));
            } catch (IOException e) {
                LOG.warn("The driver does not say whether the root {} is empty", root, e);
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        });
    }

    /** Before Spark reports the end, so that a job's last lines arrive before the job ends. */
    @Override
    public void onTaskSucceeded() {
        sendOutput();
    }

    @Override
    public void onTaskFailed(TaskFailedReason reason) {
        sendOutput();
    }

    private void sendOutput() {
        output.finishLines();
        output.flush();
    }

    /** Users know datasets by the names of roots; the driver cannot know the other folders of this machine. */
    private static Redactor redactor(Map<String, Path> roots) {
        Map<Path, String> folders = new LinkedHashMap<>();
        roots.forEach((name, folder) -> folders.putIfAbsent(folder, name));
        folders.putIfAbsent(Path.of("").toAbsolutePath(), "(work)");
        return Redactor.ofFolders(folders);
    }

    /** Returns when the driver, which has answered before, is gone; then Spark ends the executor. */
    private static void stayIdle(DriverLink link, Hello hello) {
        boolean answered = false;
        try {
            while (true) {
                try {
                    link.ask(hello);
                    answered = true;
                } catch (IOException e) {
                    if (answered) {
                        throw new IllegalStateException("the driver is gone", e);
                    }
                    // Versions may be too far apart to talk. The worker ends this process with the driver's
                    // application.
                    LOG.warn("The driver does not understand this executor", e);
                }
                Thread.sleep(REPEAT_AFTER.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the executor stops", e);
        }
    }
}
