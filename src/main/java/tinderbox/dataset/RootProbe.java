package tinderbox.dataset;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A look at a folder that may be on a server that is away: then the file system does not answer, for hours. */
public final class BoundedLook {
    private static final long SECONDS = 5;

    private BoundedLook() {}

    /** What {@code look} finds at the root of this name; false if it takes longer than some seconds. */
    public static boolean at(String root, BooleanSupplier look) {
        CompletableFuture<Boolean> found = new CompletableFuture<>();
        Thread thread = new Thread(() -> found.complete(look.getAsBoolean()), "tinderbox-look-at-" + root);
        thread.setDaemon(true);
        thread.start();
        return found.completeOnTimeout(false, SECONDS, TimeUnit.SECONDS).join();
    }
}
