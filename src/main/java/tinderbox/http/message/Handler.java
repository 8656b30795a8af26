package tinderbox.http.message;

/** A handler: one call of the API. */
@FunctionalInterface
public interface Handler {
    /** Answers a request, or throws what the {@code ErrorMapper} turn into an answer. */
    Response handle(Request request) throws Exception;

    /** Whether it needs no worker: it answers from memory, so it may run on an I/O thread. */
    default boolean isImmediate() {
        return false;
    }

    /** The same call, which answers whatever the workers do. */
    static Handler immediate(Handler handler) {
        return new Handler() {
            @Override
            public Response handle(Request request) throws Exception {
                return handler.handle(request);
            }

            @Override
            public boolean isImmediate() {
                return true;
            }
        };
    }
}
