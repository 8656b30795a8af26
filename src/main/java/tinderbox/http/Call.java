package tinderbox.http;

/** A handler: one call of the API. */
@FunctionalInterface
interface Call {
    /** Answers a request on a worker thread, or throws what the {@link Problems} turn into an answer. */
    Answer answer(Request request) throws Exception;
}
