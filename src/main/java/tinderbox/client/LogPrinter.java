package tinderbox.client;

import java.io.PrintWriter;
import java.util.List;

/** Prints the lines of a job's log, each once and in order. */
public final class LogPrinter {
    /** From the least serious. */
    public static final List<String> LEVELS = List.of("DEBUG", "INFO", "WARN", "ERROR");

    private static final int PAGE = 10_000;

    private final TinderboxClient client;
    private final String id;
    private final String level;
    private final PrintWriter out;
    private final PrintWriter err;
    private long next;

    /**
     * A printer.
     *
     * @param level the least serious level to print
     * @param next the number of the first line; a negative one counts from the end
     */
    public LogPrinter(TinderboxClient client, String id, String level, long next, PrintWriter out, PrintWriter err) {
        this.client = client;
        this.id = id;
        this.level = level;
        this.next = next;
        this.out = out;
        this.err = err;
    }

    /** Prints the lines that the log has now. */
    public void printAll() throws ClientException, InterruptedException {
        printUntil(Long.MAX_VALUE);
    }

    /** Prints these lines, which an event brought, and those that were left out before them. */
    public void print(JsonObject event) throws ClientException, InterruptedException {
        printUntil(event.number("from"));
        if (event.number("next") > next) {
            print(event.objects("lines"));
            next = event.number("next");
        }
    }

    private void printUntil(long end) throws ClientException, InterruptedException {
        while (next < end && !out.checkError()) {
            JsonObject page = client.get(
                            "api/v1/jobs/" + id + "/log?from=" + next + "&limit=" + PAGE + "&level=" + level)
                    .object();
            long first = page.number("truncated_before");
            if (next >= 0 && next < first) {
                err.println("tinderbox: the log begins at line " + first
                        + ", because it became longer than the server keeps");
            }
            if (page.number("next") <= next) {
                return;
            }
            next = Math.max(next, first);
            print(page.requiredObjects("lines"));
            next = page.number("next");
            if (next >= page.number("total")) {
                return;
            }
        }
    }

    private void print(List<JsonObject> lines) {
        for (JsonObject line : lines) {
            String of = line.shown("level");
            if (line.number("n") >= next && LEVELS.indexOf(of) >= LEVELS.indexOf(level)) {
                out.println(
                        Terminal.safe(line.shown("time") + " " + String.format("%-5s", of) + " " + line.shown("text")));
            }
        }
        out.flush();
    }
}
