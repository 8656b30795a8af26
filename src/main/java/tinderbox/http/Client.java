package tinderbox.http;

/** Who waits for the answer to a request. */
@FunctionalInterface
interface Client {
    /**
     * Has {@code onGone} run if the client goes away while its answer is made.
     *
     * @return ends that; to be run before the answer is sent
     */
    Runnable watch(Runnable onGone);
}
