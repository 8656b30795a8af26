package tinderbox.executor;

import java.util.Objects;

/** Asks whether the server sees something in a root, because the executor sees nothing there. */
record LookIntoRoot(String root) implements Request<Boolean> {
    LookIntoRoot {
        Objects.requireNonNull(root);
    }
}
