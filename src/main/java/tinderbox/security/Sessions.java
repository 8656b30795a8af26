package tinderbox.security;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Browsers that have logged in. A session is a secret of its own, so that the token is sent once and then kept nowhere
 * in the browser. It ends with its token, after {@link #LIFETIME}, and with the process.
 */
public final class Sessions {
    /** How long one lasts. */
    public static final Duration LIFETIME = Duration.ofHours(12);

    private static final int MOST = 10_000;

    private final Tokens tokens;
    private final LongSupplier nanos;
    /** By the hash of the secret, oldest first. */
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    private record Session(Token token, long startedAt) {}

    /** Of holders of these tokens. */
    public Sessions(Tokens tokens) {
        this(tokens, System::nanoTime);
    }

    Sessions(Tokens tokens, LongSupplier nanos) {
        this.tokens = tokens;
        this.nanos = nanos;
    }

    /** Begins one; answers with its secret. The oldest ends where there are too many. */
    public synchronized String begin(Token token) {
        sessions.values().removeIf(this::isOver);
        if (sessions.size() >= MOST) {
            Iterator<String> oldest = sessions.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        String secret = Secret.random();
        sessions.put(Secret.hash(secret), new Session(token, nanos.getAsLong()));
        return secret;
    }

    private boolean isOver(Session session) {
        return nanos.getAsLong() - session.startedAt >= LIFETIME.toNanos();
    }

    /** Whose session this is; empty where there is none, or it has ended. */
    public Optional<Token> find(String secret) {
        String hash = Secret.hash(secret);
        Session session;
        synchronized (this) {
            session = sessions.get(hash);
            if (session != null && isOver(session)) {
                sessions.remove(hash);
                return Optional.empty();
            }
        }
        return Optional.ofNullable(session).flatMap(found -> tokens.stillThere(found.token));
    }

    /** Ends one. */
    public synchronized void end(String secret) {
        sessions.remove(Secret.hash(secret));
    }
}
