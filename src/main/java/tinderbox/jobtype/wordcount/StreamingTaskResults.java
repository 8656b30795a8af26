package tinderbox.jobtype.wordcount;

import java.io.Serializable;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaRDD;
import scala.Function1;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * The results of the tasks of a Spark job, each available as soon as its task completes. Spark itself returns all results
 * at the end, or passes them to a callback on its scheduler thread, which must not block. So results that exceed a limit
 * are dropped; the first result never is.
 */
final class StreamingTaskResults implements AutoCloseable {
    /** Spark fails a job whose results together exceed this setting. */
    static final String SPARK_LIMIT = "spark.driver.maxResultSize";

    private static final long POLL_MS = 100;

    /** Bounded by the number of tasks, and by {@link #maxQueuedBytes}. */
    private final BlockingQueue<TaskResult> completed = new LinkedBlockingQueue<>();

    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong tasks = new AtomicLong();
    private final AtomicLong totalBytes = new AtomicLong();
    private final long maxQueuedBytes;
    private final long maxTotalBytes;
    private final SimpleFutureAction<Object> job;
    private volatile boolean overflowed;
    private int remaining;

    /**
     * The result of one task.
     *
     * @param counts {@link EncodedCounts}, or {@link CountTask#TOO_MANY_WORDS}
     */
    @SuppressWarnings("ArrayRecordComponent")
    record TaskResult(int partition, byte[] counts) {
        boolean hasTooManyWords() {
            return counts.length == 0;
        }
    }

    /**
     * Starts the tasks of these partitions, each of which has one element.
     *
     * @param maxQueuedBytes the maximum size of the results that wait in the queue
     * @param maxTotalBytes the maximum size of all results together
     */
    StreamingTaskResults(JavaRDD<byte[]> rdd, int[] partitions, long maxQueuedBytes, long maxTotalBytes) {
        this.maxQueuedBytes = maxQueuedBytes;
        this.maxTotalBytes = maxTotalBytes;
        remaining = partitions.length;
        job = rdd.rdd()
                .context()
                .submitJob(
                        rdd.rdd(),
                        (Function1<Iterator<byte[]>, byte[]> & Serializable) Iterator::next,
                        CollectionConverters.<Object>asScala(Arrays.stream(partitions)
                                        .<Object>mapToObj(i -> i)
                                        .toList())
                                .toSeq(),
                        (index, counts) -> {
                            onTaskCompleted(new TaskResult(partitions[(int) index], counts));
                            return BoxedUnit.UNIT;
                        },
                        () -> BoxedUnit.UNIT);
    }

    /** Called on a thread of Spark's scheduler, for one task at a time. */
    private void onTaskCompleted(TaskResult taskResult) {
        int bytes = taskResult.counts().length;
        boolean isFirst = tasks.getAndIncrement() == 0;
        long total = totalBytes.addAndGet(bytes);
        long queued = queuedBytes.get();
        boolean waits = queued > 0 && queued + bytes > maxQueuedBytes;
        if (!isFirst && (waits || total > maxTotalBytes)) {
            overflowed = true;
        }
        if (!overflowed) {
            queuedBytes.addAndGet(bytes);
            completed.add(taskResult);
        }
    }

    /**
     * Waits for the next task to complete.
     *
     * @return its result; null after the last one, or if a limit was {@linkplain #overflowed() exceeded}
     * @throws Exception if the Spark job failed
     */
    TaskResult next() throws Exception {
        while (remaining > 0) {
            boolean done = job.isCompleted();
            TaskResult next = done ? completed.poll() : completed.poll(POLL_MS, TimeUnit.MILLISECONDS);
            if (next != null) {
                remaining--;
                queuedBytes.addAndGet(-next.counts().length);
                return next;
            }
            if (overflowed) {
                return null;
            }
            if (done) {
                // A failure: a job that succeeded would have a result for each task.
                String failure = job.value().get().failed().get().getMessage();
                if (tasks.get() == 0 || failure == null || !failure.contains(SPARK_LIMIT)) {
                    job.value().get().get();
                }
                // Results that were still under way have exceeded Spark's own limit first.
                overflowed = true;
            }
        }
        return null;
    }

    /** Whether results were dropped because a limit was exceeded. */
    boolean overflowed() {
        return overflowed;
    }

    /** The average size of the results so far, in bytes; at least 1. */
    long averageBytes() {
        return Math.max(1, totalBytes.get() / Math.max(1, tasks.get()));
    }

    /** Cancels the Spark job if it is still running. */
    @Override
    public void close() {
        if (!job.isCompleted()) {
            job.cancel();
        }
    }
}
