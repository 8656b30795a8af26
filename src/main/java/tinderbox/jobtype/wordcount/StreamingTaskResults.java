package tinderbox.jobtype.wordcount;

import java.io.Serializable;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaRDD;
import scala.Function1;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * The results of the tasks of a Spark job, each available as soon as its task completes. Spark itself returns all results
 * at the end, or passes them to a callback on its scheduler thread, which must not block. So results that exceed a limit
 * are dropped.
 */
final class StreamingTaskResults implements AutoCloseable {
    private static final long POLL_MS = 100;

    /** Bounded by the number of tasks, and by {@link #maxQueuedBytes}. */
    private final BlockingQueue<TaskResult> completed = new LinkedBlockingQueue<>();

    private final AtomicLong queuedBytes = new AtomicLong();
    private final long maxQueuedBytes;
    private final long maxTotalBytes;
    private final SimpleFutureAction<Object> job;
    private long totalBytes;
    private boolean overflowed;
    private int remaining;

    /** The result of the task of one partition. */
    static final class TaskResult {
        private final int partition;
        private final byte[] counts;

        private TaskResult(int partition, byte[] counts) {
            this.partition = partition;
            this.counts = counts;
        }

        int partition() {
            return partition;
        }

        byte[] counts() {
            return counts;
        }

        /** Whether the counts are missing because a limit was exceeded. */
        boolean hasTooManyWords() {
            return counts.length == 0;
        }
    }

    private StreamingTaskResults(JavaRDD<byte[]> rdd, int from, int to, long maxQueuedBytes, long maxTotalBytes) {
        this.maxQueuedBytes = maxQueuedBytes;
        this.maxTotalBytes = maxTotalBytes;
        remaining = to - from;
        job = rdd.rdd()
                .context()
                .submitJob(
                        rdd.rdd(),
                        (Function1<Iterator<byte[]>, byte[]> & Serializable) Iterator::next,
                        CollectionConverters.<Object>asScala(IntStream.range(from, to)
                                        .boxed()
                                        .map(Object.class::cast)
                                        .toList())
                                .toSeq(),
                        (index, counts) -> {
                            onTaskCompleted(new TaskResult(from + (int) index, counts));
                            return BoxedUnit.UNIT;
                        },
                        () -> BoxedUnit.UNIT);
    }

    /** Starts the tasks of these partitions, each of which has one element. Keeps all results. */
    static StreamingTaskResults of(JavaRDD<byte[]> rdd, int from, int to) {
        return new StreamingTaskResults(rdd, from, to, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /**
     * Starts the tasks of all partitions, each of which has one element.
     *
     * @param maxQueuedBytes the maximum size of the results that wait in the queue
     * @param maxTotalBytes the maximum size of all results together
     */
    static StreamingTaskResults bounded(JavaRDD<byte[]> rdd, long maxQueuedBytes, long maxTotalBytes) {
        return new StreamingTaskResults(rdd, 0, rdd.getNumPartitions(), maxQueuedBytes, maxTotalBytes);
    }

    /** Called on a thread of Spark's scheduler, for one task at a time. */
    private void onTaskCompleted(TaskResult taskResult) {
        int bytes = taskResult.counts().length;
        totalBytes += bytes;
        if (queuedBytes.addAndGet(bytes) > maxQueuedBytes || totalBytes > maxTotalBytes) {
            overflowed = true;
        }
        if (overflowed) {
            completed.clear();
        }
        completed.add(overflowed ? new TaskResult(taskResult.partition(), CountTask.TOO_MANY_WORDS) : taskResult);
    }

    /**
     * Waits for the next task to complete.
     *
     * @return its result, or null after the last one. If a limit was exceeded, {@link CountTask#TOO_MANY_WORDS}; the caller
     *     should stop then.
     * @throws Exception if the Spark job failed
     */
    TaskResult next() throws Exception {
        if (remaining == 0) {
            return null;
        }
        while (true) {
            boolean done = job.isCompleted();
            TaskResult next = done ? completed.poll() : completed.poll(POLL_MS, TimeUnit.MILLISECONDS);
            if (next != null) {
                remaining--;
                queuedBytes.addAndGet(-next.counts().length);
                return next;
            }
            if (done) {
                // Throws: a job that succeeded would have a result for each task.
                job.value().get().get();
            }
        }
    }

    /** Cancels the Spark job if it is still running. */
    @Override
    public void close() {
        if (!job.isCompleted()) {
            job.cancel();
        }
    }
}
