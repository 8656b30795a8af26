package tinderbox.http.events;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of an event: {@code <boot>-<seq>}.
 *
 * @param boot names the period in which events were numbered from one; changes with every start
 * @param seq the number of the event; it increases, but a stream may skip numbers
 */
record EventId(String boot, long seq) {
    /** Before the first event of any boot; nothing can be replayed from it. */
    static final long BEFORE_FIRST = 0;

    static String newBoot() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    /** Parses a Last-Event-ID header; empty if it is null or has another form. */
    static Optional<EventId> parse(String text) {
        if (text == null || !text.matches("[0-9a-f]{8}-[0-9]{1,18}")) {
            return Optional.empty();
        }
        return Optional.of(new EventId(text.substring(0, 8), Long.parseLong(text.substring(9))));
    }

    @Override
    public String toString() {
        return boot + "-" + seq;
    }
}
