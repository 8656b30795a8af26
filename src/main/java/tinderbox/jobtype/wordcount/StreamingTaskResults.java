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
 * What the tasks of one Spark job answer, one at a time, as each ends. Spark's own calls give them all at the end, or on
 * a thread of its scheduler, which must not be held up: where too much comes, it is dropped.
 */
final class StreamingTaskResults implements AutoCloseable {
    private static final long LOOK_EVERY_MS = 100;

    /** Bounded by the number of tasks and by {@link #mostWaiting}. */
    private final BlockingQueue<Answer> ended = new LinkedBlockingQueue<>();

    private final AtomicLong waiting = new AtomicLong();
    private final long mostWaiting;
    private final long mostTogether;
    private final SimpleFutureAction<Object> job;
    private long together;
    private boolean tooMuch;
    private int awaited;

    /** What the task of a partition answers. */
    static final class Answer {
        private final int partition;
        private final byte[] counts;

        private Answer(int partition, byte[] counts) {
            this.partition = partition;
            this.counts = counts;
        }

        int partition() {
            return partition;
        }

        byte[] counts() {
            return counts;
        }

        /** Whether it has nothing to tell but that there is too much. */
        boolean isTooMany() {
            return counts.length == 0;
        }
    }

    private StreamingTaskResults(JavaRDD<byte[]> rdd, int from, int to, long mostWaiting, long mostTogether) {
        this.mostWaiting = mostWaiting;
        this.mostTogether = mostTogether;
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
                        (index, result) -> {
                            take(new Answer(from + (int) index, result));
                            return BoxedUnit.UNIT;
                        },
                        () -> BoxedUnit.UNIT);
    }

    /** Starts the tasks of these partitions, each of which has one element. There is room for all that they answer. */
    static StreamingTaskResults of(JavaRDD<byte[]> rdd, int from, int to) {
        return new StreamingTaskResults(rdd, from, to, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /**
     * Starts the tasks of all partitions, each of which has one element.
     *
     * @param mostWaiting how much of what they answer may wait here, in bytes
     * @param mostTogether how much they may answer together, in bytes
     */
    static StreamingTaskResults bounded(JavaRDD<byte[]> rdd, long mostWaiting, long mostTogether) {
        return new StreamingTaskResults(rdd, 0, rdd.getNumPartitions(), mostWaiting, mostTogether);
    }

    /** Called on a thread of Spark's scheduler, for one task at a time. */
    private void take(Answer answer) {
        int bytes = answer.counts().length;
        together += bytes;
        if (waiting.addAndGet(bytes) > mostWaiting || together > mostTogether) {
            tooMuch = true;
        }
        if (tooMuch) {
            ended.clear();
        }
        ended.add(tooMuch ? new Answer(answer.partition(), CountTask.TOO_MANY) : answer);
    }

    /**
     * Waits for the next task to end.
     *
     * @return what it answers, or null after the last; {@link CountTask#TOO_MANY} where more has come than may, and
     *     then there is nothing more to ask for
     * @throws Exception why the job failed in Spark
     */
    Answer next() throws Exception {
        if (awaited == 0) {
            return null;
        }
        while (true) {
            boolean over = job.isCompleted();
            Answer next = over ? ended.poll() : ended.poll(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
            if (next != null) {
                awaited--;
                waiting.addAndGet(-next.counts().length);
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
