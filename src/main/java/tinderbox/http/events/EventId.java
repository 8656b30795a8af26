package tinderbox.http.events;

import java.util.Optional;
import java.util.UUID;

/**
 * Names an event: {@code <boot>-<seq>}.
 *
 * @param boot names the time in which events were numbered from one on; another after each start
 * @param seq the event's number; grows from event to event, though a stream need not have every number
 */
record EventId(String boot, long seq) {
    /** Before the first event of any boot; nothing can be replayed from here. */
    static final long BEFORE_FIRST = 0;

    static String newBoot() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    /** Reads a Last-Event-ID; empty where it is null or was not made here. */
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
