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
 * Browsers that have logged in. A session is a secret of its own, so that the token is sent once and then kept nowhere
 * in the browser. It ends with its token, after {@link #LIFETIME}, and with the process. Of too many with one
 * token, the least recently used ends.
 */
public final class BrowserSessions {
    /** How long one lasts. */
    public static final Duration LIFETIME = Duration.ofHours(12);

    /** How many one token has at the same time. */
    static final int MOST_OF_ONE = 200;

    private static final int MOST = 10_000;

    private final Tokens tokens;
    private final LongSupplier nanos;
    /** By the hash of the secret; the least recently used first. */
    private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

    private record Session(Token token, long startedAt) {}

    /** Of holders of these tokens. */
    public BrowserSessions(Tokens tokens) {
        this(tokens, System::nanoTime);
    }

    BrowserSessions(Tokens tokens, LongSupplier nanos) {
        this.tokens = tokens;
        this.nanos = nanos;
    }

    /** Begins one; answers with its secret. If there are too many, another one ends. */
    public synchronized String begin(Token token) {
        sessions.values().removeIf(this::isOver);
        Map<Token, Long> counts = sessions.values().stream().collect(groupingBy(Session::token, counting()));
        if (counts.getOrDefault(token, 0L) >= MOST_OF_ONE) {
            endUnused(token);
        } else if (sessions.size() >= MOST) {
            // Of the token with most sessions: somebody with many tokens cannot end the sessions of others.
            counts.entrySet().stream().max(Map.Entry.comparingByValue()).ifPresent(most -> endUnused(most.getKey()));
        }
        String secret = Secret.random();
        sessions.put(Secret.hash(secret), new Session(token, nanos.getAsLong()));
        return secret;
    }

    private void endUnused(Token token) {
        Iterator<Session> longestUnusedFirst = sessions.values().iterator();
        while (longestUnusedFirst.hasNext()) {
            if (longestUnusedFirst.next().token.equals(token)) {
                longestUnusedFirst.remove();
                return;
            }
        }
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

    /** Ends one; answers whether there was one that had not ended. */
    public synchronized boolean end(String secret) {
        Session ended = sessions.remove(Secret.hash(secret));
        return ended != null && !isOver(ended) && tokens.stillThere(ended.token).isPresent();
    }
}
