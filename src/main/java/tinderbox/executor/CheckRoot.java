package tinderbox.executor;

import java.util.Objects;

/** Asks whether the server sees something in a root, because the executor sees nothing there. */
record CheckRoot(String root) implements Request<Boolean> {
    CheckRoot {
        Objects.requireNonNull(root);
    }
}
