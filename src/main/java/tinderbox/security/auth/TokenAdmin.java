package tinderbox.security.auth;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tinderbox.job.Visibility;

/**
 * Creates and revokes tokens, and opens a server that has none. A server that runs on the same data dir applies the
 * change within a second.
 */
public final class TokenAdmin {
    /** Each request is compared with all tokens. */
    static final int MAX_TOKENS = 10_000;

    private final TokenFile file;
    private final Clock clock;
    private final Clock trusted;

    /** For a data dir, which must exist, with a clock that is trusted. */
    public TokenAdmin(Path dataDir, Clock clock) {
        this(dataDir, clock, clock);
    }

    /**
     * For a data dir, which must exist.
     *
     * @param clock for when a token is created; its lifetime counts from then
     * @param trusted for whether a token has expired
     */
    public TokenAdmin(Path dataDir, Clock clock, Clock trusted) {
        this.file = new TokenFile(dataDir);
        this.clock = clock;
        this.trusted = trusted;
    }

    /** The command does not fit the existing tokens; the message says why and what to do. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** As below, for a viewer one who sees everybody's jobs and uploads. */
    public String create(String name, Role role, Duration lifetime) throws IOException, RefusedException {
        return create(name, role, lifetime, Set.of());
    }

    /**
     * Creates a token.
     *
     * @param lifetime null for no limit
     * @param sees the names of the submitters whose jobs and uploads a viewer sees; empty for everybody
     * @return its secret, which is not stored
     * @throws RefusedException if the name is not valid or is taken
     */
    public String create(String name, Role role, Duration lifetime, Set<String> sees)
            throws IOException, RefusedException {
        if (!Token.isName(name)) {
            throw new RefusedException("\"" + name + "\" cannot be a token's name; use 1 to 63 letters, digits,"
                    + " . _ @ or -, beginning with a letter or digit, and not \"" + Principal.LOCAL.name() + "\"");
        }
        checkSees(role, sees);
        Instant now = clock.instant();
        String secret = Secret.random();
        Token token = new Token(
                name,
                role,
                Secret.hash(secret),
                now,
                lifetime == null ? null : now.plus(lifetime),
                sees.isEmpty() ? Visibility.ALL : Visibility.of(sees));
        List<String> refusals = new ArrayList<>();
        file.change(before -> {
            List<Token> after = new ArrayList<>(before.tokens());
            // An expired token must not block its name.
            after.removeIf(other -> other.name().equals(name) && other.isExpired(trusted.instant()));
            if (after.stream().anyMatch(other -> other.name().equals(name))) {
                refusals.add("there is already a token " + name + "; revoke it first, or choose another name");
                return before;
            }
            if (after.size() >= MAX_TOKENS) {
                refusals.add("there are already " + MAX_TOKENS + " tokens; revoke some first");
                return before;
            }
            after.add(token);
            return TokenFile.Content.of(after);
        });
        if (!refusals.isEmpty()) {
            throw new RefusedException(refusals.get(0));
        }
        return secret;
    }

    private static void checkSees(Role role, Set<String> sees) throws RefusedException {
        if (!sees.isEmpty() && role != Role.VIEWER) {
            throw new RefusedException(
                    "only a viewer's token names whose jobs it sees; an admin sees all, and a submitter"
                            + " all or its own (--private)");
        }
        if (sees.size() > Token.MAX_SEES) {
            throw new RefusedException("a token can name at most " + Token.MAX_SEES
                    + " submitters whose jobs it sees; create another one for the others");
        }
        for (String submitter : sees) {
            if (!Token.isName(submitter)) {
                throw new RefusedException("\"" + submitter + "\" cannot be the name of a submitter");
            }
        }
    }

    /** All tokens in the order in which they were created; empty if there never were any. */
    public List<Token> list() throws IOException {
        try {
            return file.read().tokens();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /**
     * Turns authentication off: everybody on the server's machine is an admin.
     *
     * @throws RefusedException if there are valid tokens
     */
    public void open() throws IOException, RefusedException {
        Instant now = clock.instant();
        List<String> valid = new ArrayList<>();
        file.change(before -> {
            before.tokens().stream()
                    .filter(token -> !token.isExpired(trusted.instant()))
                    .map(Token::name)
                    .forEach(valid::add);
            return valid.isEmpty() ? TokenFile.Content.openedAt(now) : before;
        });
        if (!valid.isEmpty()) {
            throw new RefusedException("there are valid tokens (" + valid.size() + ", such as " + valid.get(0)
                    + "), which an open server would ignore; revoke them first with `token revoke`");
        }
    }

    /**
     * Revokes a token.
     *
     * @throws RefusedException if there is none with this name
     */
    public void revoke(String name) throws IOException, RefusedException {
        boolean exists = list().stream().anyMatch(token -> token.name().equals(name));
        if (!exists) {
            throw new RefusedException("there is no token " + name + "; `token list` shows all");
        }
        file.change(before -> TokenFile.Content.of(before.tokens().stream()
                .filter(token -> !token.name().equals(name))
                .toList()));
    }
}
