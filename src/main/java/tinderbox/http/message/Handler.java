package tinderbox.http.message;

/** Handles the requests to one endpoint. */
@FunctionalInterface
public interface Handler {
    /** Returns the response; what it throws becomes a response too, through the {@code ErrorMapper}. */
    Response handle(Request request) throws Exception;

    /** True if it responds from memory, so that it may run on an I/O thread. */
    default boolean isImmediate() {
        return false;
    }

    /** The same handler, run on an I/O thread, so that it responds even if all workers are busy. */
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
