package tinderbox.client;

import java.io.PrintWriter;
import java.util.Locale;

/** Shows on a terminal how far a job is: one line, drawn again several times a second. */
public final class ProgressLine implements AutoCloseable {
    private static final int PERIOD_MILLIS = 200;
    private static final int BAR = 24;
    private static final String ERASE = "\r\033[K";

    private final PrintWriter terminal;
    private final int columns;
    private final long start = System.nanoTime();
    private final Thread drawer = new Thread(this::draw, "tinderbox-progress");
    private String text;
    private boolean closed;

    /**
     * A line.
     *
     * @param columns of the terminal; 0 if there is none, then nothing is drawn
     */
    public ProgressLine(PrintWriter terminal, int columns, String text) {
        this.terminal = terminal;
        this.columns = columns;
        this.text = text;
        drawer.setDaemon(true);
        if (columns > 0) {
            drawer.start();
        }
    }

    /** Shows the progress of a job. */
    public void show(JsonObject job) {
        JsonObject progress = job.object("progress");
        String status = job.shown("status");
        if (status.equals("RUNNING") && progress.has("phase")) {
            show(bar(progress));
        } else if (status.equals("PENDING") && job.number("queue_position") > 1) {
            show("waiting, number " + job.number("queue_position") + " in the queue");
        } else if (!status.equals("PENDING") && !status.isEmpty()) {
            show(status.toLowerCase(Locale.ROOT));
        }
    }

    /** Shows this text. */
    public synchronized void show(String now) {
        text = Terminal.safe(now);
    }

    private static String bar(JsonObject progress) {
        long done = progress.number("bytes_read");
        long total = progress.number("bytes_total");
        if (total == 0) {
            done = progress.number("tasks_done");
            total = progress.number("tasks_total");
        }
        String phase = progress.shown("phase");
        if (progress.number("tasks_total") == 0 || total == 0) {
            return phase;
        }
        double share = Math.min(1, (double) done / total);
        int filled = (int) (share * BAR);
        return String.format(
                Locale.ROOT,
                "%s [%s%s] %3d %%, tasks %d/%d",
                phase,
                "#".repeat(filled),
                "-".repeat(BAR - filled),
                (int) (share * 100),
                progress.number("tasks_done"),
                progress.number("tasks_total"));
    }

    private synchronized void draw() {
        try {
            while (!closed) {
                String line = String.format(Locale.ROOT, "%s, %.0f s", text, (System.nanoTime() - start) / 1e9);
                terminal.print(ERASE + Terminal.cut(line, columns - 1));
                terminal.flush();
                wait(PERIOD_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Erases the line. */
    @Override
    public synchronized void close() {
        if (columns > 0 && !closed) {
            terminal.print(ERASE);
            terminal.flush();
        }
        closed = true;
        notifyAll();
    }
}
