package tinderbox.security.auth;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The sessions of browsers that have logged in. A session has its own secret: the token is sent once and not stored in
 * the browser. A session ends with its token, after {@link #LIFETIME}, or with the process. If a token has too many, the
 * least recently used one ends.
 */
public final class BrowserSessions {
    public static final Duration LIFETIME = Duration.ofHours(12);

    static final int MAX_PER_TOKEN = 200;

    private static final int MAX_SESSIONS = 10_000;

    private final Tokens tokens;
    private final LongSupplier nanos;
    /** By the hash of their secrets; the least recently used first. */
    private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

    private record Session(Token token, long startedAt) {}

    /** Creates no session yet; sessions end when these tokens do. */
    public BrowserSessions(Tokens tokens) {
        this(tokens, System::nanoTime);
    }

    BrowserSessions(Tokens tokens, LongSupplier nanos) {
        this.tokens = tokens;
        this.nanos = nanos;
    }

    /** Begins a session and returns its secret. If there are too many, another one ends. */
    public synchronized String begin(Token token) {
        sessions.values().removeIf(this::isExpired);
        Map<Token, Long> counts = sessions.values().stream().collect(groupingBy(Session::token, counting()));
        if (counts.getOrDefault(token, 0L) >= MAX_PER_TOKEN) {
            endOldest(token);
        } else if (sessions.size() >= MAX_SESSIONS) {
            // One of the token with the most: somebody with many tokens cannot end the sessions of others.
            counts.entrySet().stream().max(Map.Entry.comparingByValue()).ifPresent(most -> endOldest(most.getKey()));
        }
        String secret = Secret.random();
        sessions.put(Secret.hash(secret), new Session(token, nanos.getAsLong()));
        return secret;
    }

    private void endOldest(Token token) {
        Iterator<Session> leastRecentFirst = sessions.values().iterator();
        while (leastRecentFirst.hasNext()) {
            if (leastRecentFirst.next().token.equals(token)) {
                leastRecentFirst.remove();
                return;
            }
        }
    }

    private boolean isExpired(Session session) {
        return nanos.getAsLong() - session.startedAt >= LIFETIME.toNanos();
    }

    /** The token of a session; empty if there is no such session, or it has ended. */
    public Optional<Token> find(String secret) {
        String hash = Secret.hash(secret);
        Session session;
        synchronized (this) {
            session = sessions.get(hash);
            if (session != null && isExpired(session)) {
                sessions.remove(hash);
                return Optional.empty();
            }
        }
        return Optional.ofNullable(session).flatMap(found -> tokens.current(found.token));
    }

    /** Ends a session; false if there was none, or it had ended. */
    public synchronized boolean end(String secret) {
        Session ended = sessions.remove(Secret.hash(secret));
        return ended != null && !isExpired(ended) && tokens.current(ended.token).isPresent();
    }
}
