package tinderbox.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The body of a response; a read fails if nothing arrives for too long, as when the network is gone. */
final class WatchedStream extends FilterInputStream {
    private static final int CHECKS = 10;

    private static final ScheduledExecutorService WATCHDOG = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "tinderbox-bodies");
        thread.setDaemon(true);
        return thread;
    });

    private final long maxSilenceNanos;
    private final ScheduledFuture<?> watch;
    private volatile boolean reading;
    private volatile long readingSince;
    private volatile boolean givenUp;

    WatchedStream(InputStream body, Duration maxSilence) {
        super(body);
        maxSilenceNanos = maxSilence.toNanos();
        long period = maxSilenceNanos / CHECKS;
        watch = WATCHDOG.scheduleWithFixedDelay(this::check, period, period, TimeUnit.NANOSECONDS);
    }

    /** Only the time within reads counts, not what a slow user of the bytes takes between them. */
    private void check() {
        if (reading && System.nanoTime() - readingSince > maxSilenceNanos) {
            givenUp = true;
            close();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        readingSince = System.nanoTime();
        reading = true;
        try {
            int count = in.read(bytes, offset, length);
            if (!givenUp) {
                return count;
            }
        } catch (IOException e) {
            if (!givenUp) {
                throw e;
            }
        } finally {
            reading = false;
        }
        throw new IOException(
                "nothing has arrived for " + TimeUnit.NANOSECONDS.toSeconds(maxSilenceNanos) + " seconds");
    }

    @Override
    public void close() {
        watch.cancel(false);
        try {
            in.close();
        } catch (IOException e) {
            // It is given up anyway.
        }
    }
}
