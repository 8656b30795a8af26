package tinderbox.spark;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.spark.TaskEndReason;
import org.apache.spark.TaskState;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.JobFailed;
import org.apache.spark.scheduler.JobResult;
import org.apache.spark.scheduler.JobSucceeded$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import scala.Option;
import scala.Tuple4;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Builders of the events of Spark's listener bus. */
final class Events {
    static final String GROUP = "group";
    private static final long NOON = 1_767_614_400_000L;

    private Events() {}

    /** A stage attempt that can be listed, submitted and completed. */
    static StageInfo stage(int id, int attempt, int tasks, Integer shuffle) {
        return new StageInfo(
                id,
                attempt,
                "count at /opt/secret/Job.java:" + id,
                tasks,
                seq(List.of()),
                seq(List.of()),
                "",
                TaskMetrics.registered(),
                seq(List.of()),
                Option.apply(shuffle),
                0,
                false,
                0);
    }

    static StageInfo stage(int id, int tasks) {
        return stage(id, 0, tasks, null);
    }

    static SparkListenerEvent jobStart(int job, StageInfo... stages) {
        return new SparkListenerJobStart(job, NOON, seq(List.of(stages)), inGroup());
    }

    static SparkListenerEvent jobEnd(int job) {
        return new SparkListenerJobEnd(job, NOON, JobSucceeded$.MODULE$);
    }

    static SparkListenerEvent jobFailed(int job) {
        JobResult failed = new JobFailed(new IllegalStateException("came off"));
        return new SparkListenerJobEnd(job, NOON, failed);
    }

    static SparkListenerEvent submitted(StageInfo stage) {
        stage.submissionTime_$eq(Option.apply(NOON));
        return new SparkListenerStageSubmitted(stage, inGroup());
    }

    /** A stage of another group. */
    static SparkListenerEvent submitted(StageInfo stage, String group) {
        Properties properties = new Properties();
        properties.setProperty("spark.jobGroup.id", group);
        return new SparkListenerStageSubmitted(stage, properties);
    }

    /** A completed stage with this sum of bytes read. */
    static SparkListenerEvent completed(StageInfo stage, long bytes) {
        stage.completionTime_$eq(Option.apply(NOON + 250));
        stage.taskMetrics().inputMetrics().setBytesRead(bytes);
        return new SparkListenerStageCompleted(stage);
    }

    static SparkListenerEvent stageFailed(StageInfo stage) {
        stage.completionTime_$eq(Option.apply(NOON + 250));
        stage.failureReason_$eq(Option.apply("came off"));
        return new SparkListenerStageCompleted(stage);
    }

    static TaskInfo task(long id, int partition) {
        // The index numbers the tasks of a stage attempt; it is not the partition.
        return new TaskInfo(id, 7, 0, partition, NOON, "driver", "localhost", TaskLocality.ANY(), false);
    }

    /** A task on an executor of a cluster. */
    static TaskInfo task(long id, int partition, String executor, String host) {
        return new TaskInfo(id, 7, 0, partition, NOON, executor, host, TaskLocality.ANY(), false);
    }

    static SparkListenerEvent taskStart(int stage, TaskInfo task) {
        return new SparkListenerTaskStart(stage, 0, task);
    }

    static SparkListenerEvent taskEnd(int stage, TaskInfo task, long bytes) {
        task.markFinished(TaskState.FINISHED(), NOON);
        return ended(stage, task, bytes);
    }

    static SparkListenerEvent taskFailed(int stage, TaskInfo task, long bytes) {
        task.markFinished(TaskState.FAILED(), NOON);
        return ended(stage, task, bytes);
    }

    static SparkListenerEvent taskKilled(int stage, TaskInfo task, long bytes) {
        task.markFinished(TaskState.KILLED(), NOON);
        return ended(stage, task, bytes);
    }

    /** A task that failed for this reason. */
    static SparkListenerEvent taskFailed(int stage, TaskInfo task, TaskEndReason reason) {
        task.markFinished(TaskState.FAILED(), NOON);
        return new SparkListenerTaskEnd(stage, 0, "ResultTask", reason, task, null, TaskMetrics.registered());
    }

    private static SparkListenerEvent ended(int stage, TaskInfo task, long bytes) {
        TaskMetrics metrics = TaskMetrics.registered();
        metrics.inputMetrics().setBytesRead(bytes);
        return new SparkListenerTaskEnd(stage, 0, "ResultTask", null, task, null, metrics);
    }

    /** A heartbeat with metrics of a running task; as in Spark, with ids of accumulators and without names. */
    static SparkListenerEvent heartbeat(StageInfo stage, TaskInfo task, long bytes) {
        AccumulableInfo read = new AccumulableInfo(
                stage.taskMetrics().inputMetrics()._bytesRead().id(),
                Option.empty(),
                Option.apply(bytes),
                Option.empty(),
                true,
                true,
                Option.empty());
        Seq<Tuple4<Object, Object, Object, Seq<AccumulableInfo>>> tasks =
                seq(List.of(new Tuple4<>(task.taskId(), stage.stageId(), 0, seq(List.of(read)))));
        return new SparkListenerExecutorMetricsUpdate("driver", tasks, CollectionConverters.asScala(Map.of()));
    }

    private static Properties inGroup() {
        Properties properties = new Properties();
        properties.setProperty("spark.jobGroup.id", GROUP);
        return properties;
    }

    /** Passes events to a listener, like the bus. */
    static void send(SparkListener listener, List<SparkListenerEvent> events) {
        for (SparkListenerEvent event : events) {
            if (event instanceof SparkListenerJobStart e) {
                listener.onJobStart(e);
            } else if (event instanceof SparkListenerJobEnd e) {
                listener.onJobEnd(e);
            } else if (event instanceof SparkListenerStageSubmitted e) {
                listener.onStageSubmitted(e);
            } else if (event instanceof SparkListenerStageCompleted e) {
                listener.onStageCompleted(e);
            } else if (event instanceof SparkListenerTaskStart e) {
                listener.onTaskStart(e);
            } else if (event instanceof SparkListenerTaskEnd e) {
                listener.onTaskEnd(e);
            } else if (event instanceof SparkListenerExecutorRemoved e) {
                listener.onExecutorRemoved(e);
            } else {
                listener.onExecutorMetricsUpdate((SparkListenerExecutorMetricsUpdate) event);
            }
        }
    }

    static <T> Seq<T> seq(List<T> elements) {
        return CollectionConverters.asScala(elements).toSeq();
    }
}
