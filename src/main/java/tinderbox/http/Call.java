package tinderbox.http;

/** A handler: one call of the API. */
@FunctionalInterface
interface Call {
    /** Answers a request, or throws what the {@link Problems} turn into an answer. */
    Answer answer(Request request) throws Exception;

    /** Whether it needs no worker: it answers from memory, so it may run on an I/O thread. */
    default boolean isImmediate() {
        return false;
    }

    /** The same call, which answers whatever the workers do. */
    static Call immediate(Call call) {
        return new Call() {
            @Override
            public Answer answer(Request request) throws Exception {
                return call.answer(request);
            }

            @Override
            public boolean isImmediate() {
                return true;
            }
        };
    }
}
