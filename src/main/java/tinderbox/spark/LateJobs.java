package tinderbox.spark;

import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;

/**
 * Cancels what the threads of an attempt start in Spark after it was asked to stop. Spark refuses later jobs of a cancelled
 * group, but not the stages that an adaptive query plan submits one by one: the tasks of such a stage would run on although
 * the attempt has ended, and hold their cores.
 */
final class LateJobs {
    /** The groups of the attempts that may start jobs. */
    private final Set<String> allowed = ConcurrentHashMap.newKeySet();

    /** The name of an attempt's group; no other group has such a name. */
    static String group(String job, int attempt, long run) {
        return job + "/" + attempt + "/" + run;
    }

    private static boolean isOfAttempt(String group) {
        return group != null && group.indexOf('/') > 0;
    }

    void allow(String group) {
        allowed.add(group);
    }

    /** Cancels the jobs that this group starts from now on; those before are the caller's to cancel, afterwards. */
    void refuse(String group) {
        allowed.remove(group);
    }

    void listenTo(SparkContext context, ProgressListener queue) {
        queue.addToQueue(context, new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart event) {
                Properties properties = event.properties();
                String group = properties == null ? null : properties.getProperty(ProgressListener.GROUP);
                if (isOfAttempt(group) && !allowed.contains(group)) {
                    context.cancelJobGroup(group, "because its job has ended or was asked to stop");
                }
            }
        });
    }
}
