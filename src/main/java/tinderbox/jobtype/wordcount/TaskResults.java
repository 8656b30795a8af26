package tinderbox.jobtype.wordcount;

import java.io.Serializable;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaRDD;
import scala.Function1;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * What the tasks of one Spark job answer, one at a time, as each ends. Spark's own calls give them all at the end, or on
 * a thread of its scheduler, which must not be held up.
 */
final class TaskResults implements AutoCloseable {
    private static final long LOOK_EVERY_MS = 100;

    /** Bounded by the number of tasks. */
    private final BlockingQueue<byte[]> ended = new LinkedBlockingQueue<>();

    private final SimpleFutureAction<Object> job;
    private int awaited;

    private TaskResults(JavaRDD<byte[]> rdd, int from, int to) {
        awaited = to - from;
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
                        (partition, result) -> {
                            ended.add(result);
                            return BoxedUnit.UNIT;
                        },
                        () -> BoxedUnit.UNIT);
    }

    /** Starts the tasks of these partitions, each of which has one element. */
    static TaskResults of(JavaRDD<byte[]> rdd, int from, int to) {
        return new TaskResults(rdd, from, to);
    }

    /**
     * Waits for the next task to end.
     *
     * @return what it answers, or null after the last
     * @throws Exception why the job failed in Spark
     */
    byte[] next() throws Exception {
        if (awaited == 0) {
            return null;
        }
        while (true) {
            boolean over = job.isCompleted();
            byte[] next = over ? ended.poll() : ended.poll(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
            if (next != null) {
                awaited--;
                return next;
            }
            if (over) {
                // Throws, since a job that has not failed has answered for each of its tasks.
                job.value().get().get();
            }
        }
    }

    /** Stops what still runs. */
    @Override
    public void close() {
        if (!job.isCompleted()) {
            job.cancel();
        }
    }
}
