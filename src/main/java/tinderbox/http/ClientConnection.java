package tinderbox.http;

/** The client that waits for the answer to a request. */
@FunctionalInterface
interface ClientConnection {
    /**
     * Runs {@code onGone} if the client goes away while its answer is prepared.
     *
     * @return ends that; to be run before the answer is sent
     */
    Runnable watch(Runnable onGone);
}
