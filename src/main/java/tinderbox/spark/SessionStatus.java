package tinderbox.spark;

import java.time.Instant;

/**
 * The state of the session.
 *
 * @param detail why, as a sentence without its capital and full stop
 * @param since when it came into this state; {@code detail} may be newer
 */
public record SessionStatus(SessionState state, String detail, Instant since) {}
