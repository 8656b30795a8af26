package tinderbox.job.dispatch;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import tinderbox.job.ErrorCode;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.JobException;

/** Answers a request that repeats an {@link IdempotencyKey} with what the first one created. */
final class KeyedRequests<T> {
    private final String kind;
    private final Function<T, String> id;
    private final Function<T, IdempotencyKey> key;
    /** Requests whose outcome is not yet known, as submitter and key. */
    private final Set<String> inFlight = ConcurrentHashMap.newKeySet();

    /**
     * For requests of one kind.
     *
     * @param kind what they create, for messages
     * @param id names one of these in a message
     * @param key the key with which it was created
     */
    KeyedRequests(String kind, Function<T, String> id, Function<T, IdempotencyKey> key) {
        this.kind = kind;
        this.id = id;
        this.key = key;
    }

    /**
     * What a request has created.
     *
     * @param replayed whether an earlier request with the same key did
     */
    record Answer<T>(T created, boolean replayed) {}

    /**
     * Creates something, unless an earlier request with this key has.
     *
     * @param sent the key of the request, or null: then it is never a repetition
     * @param earlier what was created with this key before; called by one request with it at a time
     * @throws JobException {@link ErrorCode#IDEMPOTENCY_IN_FLIGHT}, {@link ErrorCode#IDEMPOTENCY_MISMATCH}, or what {@code
     *     create} throws
     */
    Answer<T> once(String by, IdempotencyKey sent, Supplier<Optional<T>> earlier, Supplier<T> create) {
        if (sent == null) {
            return new Answer<>(create.get(), false);
        }
        String scope = IdempotencyKey.scope(by, sent.key());
        if (!inFlight.add(scope)) {
            throw new JobException(
                    ErrorCode.IDEMPOTENCY_IN_FLIGHT,
                    "Another request with this Idempotency-Key is being answered",
                    "send it again in a moment");
        }
        try {
            Optional<T> known = earlier.get();
            if (known.isPresent() && !sent.equals(key.apply(known.get()))) {
                throw new JobException(
                        ErrorCode.IDEMPOTENCY_MISMATCH,
                        "This Idempotency-Key was used for another request, by " + kind + " " + id.apply(known.get()),
                        "send a new key with a new " + kind);
            }
            return known.map(created -> new Answer<>(created, true)).orElseGet(() -> new Answer<>(create.get(), false));
        } finally {
            inFlight.remove(scope);
        }
    }
}
