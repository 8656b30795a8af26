package tinderbox.spark;

import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.immutable.Map$;
import tinderbox.common.Backoff;

/**
 * Holds up the starts of executors while none comes. A master replaces one that has ended without a pause, so if all end
 * at once, such as on a Java that is too old, it starts many in a second. So it may start some only now and then, after
 * growing pauses of up to half a minute, or if there are other workers. With dynamic allocation, it may then start more
 * than Spark wants, until Spark gives up those without work. Not thread-safe.
 */
final class ExecutorStarts {
    private static final Logger LOG = LoggerFactory.getLogger(ExecutorStarts.class);

    private final Backoff backoff = new Backoff();
    private boolean failing;
    private boolean heldUp;
    private int workersBefore;

    /** There is an executor, or a new session. */
    void begin(SparkContext context) {
        failing = false;
        backoff.reset();
        if (heldUp) {
            heldUp = !limit(context, Integer.MAX_VALUE);
        }
    }

    /** Whether executors have ended instead of coming. */
    boolean areFailing() {
        return failing;
    }

    /**
     * Looks at a session that has no executor, although there was time to start one.
     *
     * @param workers how many the master knows
     * @param ended whether it says that the last executor has ended by itself
     * @return whether executors may start now
     */
    boolean follow(SparkContext context, int workers, boolean ended) {
        failing |= ended;
        if (!heldUp) {
            heldUp = limit(context, 0);
            workersBefore = workers;
            backoff.failed();
        } else if (backoff.isDue() || workers != workersBefore) {
            heldUp = !limit(context, Integer.MAX_VALUE);
        }
        return !heldUp;
    }

    private static boolean limit(SparkContext context, int executors) {
        try {
            return context.requestTotalExecutors(executors, 0, Map$.MODULE$.empty());
        } catch (RuntimeException e) {
            LOG.debug("The master does not take the number of executors", e);
            return false;
        }
    }
}
