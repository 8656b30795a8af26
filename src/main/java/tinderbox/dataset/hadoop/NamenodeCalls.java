package tinderbox.dataset.hadoop;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.hdfs.BlockMissingException;
import org.apache.hadoop.net.ConnectTimeoutException;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.Causes;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * Keeps a namenode that is slow or dead from holding up the server. Few requests wait for it at the same time, each for a
 * limited time, and after a failure none does for a while. Tasks always ask: Spark tries them again.
 */
final class NamenodeCalls {
    /** How many requests of the server wait for the namenode of a root at the same time. */
    private static final int MAX_CALLS = 4;

    /** How long a request waits for others that wait for the namenode. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(5);

    /** How long no request asks a namenode that has not answered. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(NamenodeCalls.class);

    private record Outage(String reason, long endNanos) {}

    private final String root;
    private final Semaphore slots = new Semaphore(MAX_CALLS);
    private volatile Outage outage;

    NamenodeCalls(String root) {
        this.root = root;
    }

    /** What to ask. */
    @FunctionalInterface
    interface Call<T> {
        T ask() throws IOException;
    }

    /** The name of the root. */
    String root() {
        return root;
    }

    /**
     * Asks the namenode.
     *
     * @throws JobException {@link ErrorCode#STORAGE_UNAVAILABLE} if it does not answer, or did not shortly before
     */
    <T> T ask(Call<T> call) {
        if (TaskContext.get() != null) {
            try {
                return call.ask();
            } catch (IOException e) {
                throw unavailable(reason(e), e);
            }
        }
        Outage last = outage;
        if (last != null && System.nanoTime() - last.endNanos() < 0) {
            throw unavailable(last.reason(), null);
        }
        enter();
        try {
            T answer = call.ask();
            outage = null;
            return answer;
        } catch (IOException e) {
            String reason = reason(e);
            outage = new Outage(reason, System.nanoTime() + PAUSE.toNanos());
            LOG.warn("The file system of the root {} does not answer: {}", root, e.toString());
            throw unavailable(reason, e);
        } finally {
            slots.release();
        }
    }

    private void enter() {
        try {
            if (slots.tryAcquire(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw unavailable("too many requests wait for it", null);
    }

    private JobException unavailable(String reason, IOException cause) {
        return new JobException(
                ErrorCode.STORAGE_UNAVAILABLE,
                "The root " + root + " cannot be reached: " + reason,
                "try again later, or ask the operator whether its HDFS runs",
                cause);
    }

    /** Why a file system cannot be reached, without names and addresses of machines. */
    static String reason(IOException e) {
        return Causes.of(e)
                .map(NamenodeCalls::known)
                .filter(reason -> !reason.isEmpty())
                .findFirst()
                .orElse("its file system reports " + e.getClass().getSimpleName());
    }

    private static String known(Throwable link) {
        if (link instanceof BlockMissingException) {
            return "no datanode that has a part of the file answers";
        }
        if (link instanceof UnknownHostException) {
            return "its host is unknown";
        }
        if (link instanceof ConnectTimeoutException || link instanceof SocketTimeoutException) {
            return "its host does not answer in time";
        }
        if (link instanceof EOFException) {
            return "its host has closed the connection";
        }
        return link instanceof ConnectException ? "its host refuses the connection" : "";
    }
}
