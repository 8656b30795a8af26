package tinderbox.dataset;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Asks about a root whose file system may be on a server that is away: then it does not answer, for hours. */
public final class RootProbe {
    private static final long SECONDS = 5;

    private RootProbe() {}

    /** Whether the condition holds for the root of this name; false if it fails, or takes longer than some seconds. */
    public static boolean holds(String root, BooleanSupplier condition) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        Runnable probe = () -> {
            try {
                answer.complete(condition.getAsBoolean());
            } catch (RuntimeException e) {
                answer.complete(false);
            }
        };
        Thread thread = new Thread(probe, "tinderbox-probe-" + root);
        thread.setDaemon(true);
        thread.start();
        return answer.completeOnTimeout(false, SECONDS, TimeUnit.SECONDS).join();
    }
}
