package tinderbox.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tinderbox.client.ClientException.Reason;

/** Waits for the jobs of one run set; goes on if the server is away for a while. */
public final class RunSetFollower {
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int MAX_FAILURES = 10;

    private final TinderboxClient client;
    private final String id;

    public RunSetFollower(TinderboxClient client, String id) {
        this.client = client;
        this.id = id;
    }

    /** The path of a run set in the API. */
    public static String path(String id) {
        return "api/v1/run-sets/" + id;
    }

    /** The run set with this id; empty if there is none. */
    public static Optional<TinderboxClient.Reply> find(TinderboxClient client, String id)
            throws ClientException, InterruptedException {
        try {
            return Optional.of(client.get(path(id)));
        } catch (ClientException e) {
            if (e.reason() == Reason.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Waits until all jobs have ended.
     *
     * @param limit how long
     * @param progress gets how far they are, in words
     * @return the run set
     */
    public JsonObject toEnd(Duration limit, Consumer<String> progress) throws ClientException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        long lastSeen = System.nanoTime();
        while (true) {
            try {
                JsonObject set = client.get(path(id)).object();
                lastSeen = System.nanoTime();
                JsonObject counts = set.object("counts");
                long running = counts.number("RUNNING") + counts.number("CANCELLING");
                long left = running + counts.number("PENDING");
                if (left == 0) {
                    return set;
                }
                long all = set.number("jobs");
                progress.accept((all - left) + " of " + all + " jobs done, " + running + " running");
            } catch (ClientException e) {
                if (e.reason() != Reason.UNAVAILABLE
                        || System.nanoTime() - lastSeen > JobFollower.MAX_ABSENCE.toNanos()) {
                    throw e;
                }
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new ClientException(
                        Reason.TIMED_OUT,
                        "the jobs of the run set " + id
                                + " have not all ended in this time; they go on, and can be waited for again");
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }

    /** Why its jobs failed, a line for each of the first ones. */
    public List<String> failures() throws ClientException, InterruptedException {
        List<JsonObject> failed =
                client.get(path(id) + "/jobs?status=FAILED").object().requiredObjects("jobs");
        List<String> lines = new ArrayList<>();
        for (JsonObject row : failed.subList(0, Math.min(MAX_FAILURES, failed.size()))) {
            String values = row.object("params").members().entrySet().stream()
                    .map(value -> value.getKey() + "=" + shortened(String.valueOf(value.getValue())))
                    .collect(Collectors.joining(", "));
            lines.add("the job " + row.required("job_id") + " failed (" + Terminal.safe(values) + "): "
                    + Problems.ofJob(row.object("error"), Map.of()).get(0));
        }
        if (failed.size() > MAX_FAILURES) {
            lines.add("more jobs of the run set that failed: " + (failed.size() - MAX_FAILURES));
        }
        return lines;
    }

    static String shortened(String text) {
        return text.codePointCount(0, text.length()) > 60
                ? text.substring(0, text.offsetByCodePoints(0, 60)) + "…"
                : text;
    }
}
