package tinderbox.fault;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Breaks a cluster in every way that takes too long for each build, and prints for each fault what a user sees of it, how
 * long it takes and how many attempts it costs. Some cases need root or a download, and say so if they are skipped.
 */
final class ClusterSoak {
    private final Path base;
    private final List<String> wrong = new ArrayList<>();

    private ClusterSoak(Path base) {
        this.base = base;
    }

    /** A fault, and the check that its end is right. */
    interface Case {
        /**
         * Runs it.
         *
         * @return what a user sees
         * @throws AssertionError if the end is wrong
         * @throws SkippedException if this machine cannot run it
         */
        Seen run(ClusterFault fault) throws Exception;
    }

    /**
     * What a user sees.
     *
     * @param text of the server's session, of the job, or of a command
     * @param spentAttempts how many attempts were spent on faults
     */
    record Seen(String text, long spentAttempts) {}

    /** A case that this machine cannot run. */
    static final class SkippedException extends Exception {
        private static final long serialVersionUID = 1;

        SkippedException(String reason) {
            super(reason);
        }
    }

    /** Runs the cases whose names contain {@code filter}; returns false if one of them ends wrong. */
    static boolean run(Path base, String filter) throws IOException {
        ClusterSoak soak = new ClusterSoak(base);
        System.out.println("| fault | what a user sees | s | attempts spent |");
        System.out.println("| --- | --- | --- | --- |");
        ClusterCases.all().forEach((name, each) -> {
            if (name.contains(filter)) {
                soak.run(name, each);
            }
        });
        soak.wrong.forEach(System.out::println);
        System.out.println(soak.wrong.isEmpty() ? "every end is right" : "wrong ends: " + soak.wrong.size());
        return soak.wrong.isEmpty();
    }

    private void run(String name, Case each) {
        long started = System.nanoTime();
        Path folder = base.resolve(name.replaceAll("[^A-Za-z0-9]+", "-"));
        try (ClusterFault fault = new ClusterFault(folder)) {
            Seen seen = each.run(fault);
            print(name, seen.text(), started, Long.toString(seen.spentAttempts()));
        } catch (SkippedException e) {
            print(name, "SKIPPED: " + e.getMessage(), started, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            wrong.add(name + ": interrupted");
        } catch (Exception | AssertionError e) {
            wrong.add(name + ": " + e);
            print(
                    name,
                    "WRONG: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    started,
                    "?");
        }
    }

    private static void print(String name, String text, long started, String spent) {
        System.out.println("| " + name + " | " + text.replace("|", "/").replace("\n", " ") + " | "
                + Duration.ofNanos(System.nanoTime() - started).toSeconds() + " | " + spent + " |");
    }
}
