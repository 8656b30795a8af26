package tinderbox.security.auth;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
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

    /** Why a change is refused. */
    public enum Reason {
        /** The name cannot be that of a token. */
        INVALID_NAME,
        /** The submitters cannot be those that the token sees. */
        INVALID_SEES,
        /** There is a valid token with this name. */
        NAME_TAKEN,
        /** There are as many tokens as there may be. */
        TOO_MANY,
        /** There is no token with this name. */
        UNKNOWN,
        /** The admin who asks has no valid token any more. */
        NO_ADMIN,
        /** Without this token, no admin would be left. */
        LAST_ADMIN,
        /** There are valid tokens. */
        NOT_EMPTY
    }

    /** The command does not fit the existing tokens; the message says why and what to do. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final Reason reason;

        RefusedException(Reason reason, String message) {
            super(message);
            this.reason = reason;
        }

        public Reason reason() {
            return reason;
        }
    }

    /**
     * A change that was made.
     *
     * @param token which was created or revoked
     * @param secret that of a created token, which is not stored; otherwise null
     * @param after all tokens after it
     */
    record Changed(Token token, String secret, TokenFile.Content after) {}

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
        return create(null, name, role, lifetime, sees).secret();
    }

    /**
     * As above, for an admin.
     *
     * @param by null for an operator at the command line
     * @throws RefusedException also if the admin has no valid token any more
     */
    Changed create(Principal by, String name, Role role, Duration lifetime, Set<String> sees)
            throws IOException, RefusedException {
        if (!Token.isName(name)) {
            throw new RefusedException(
                    Reason.INVALID_NAME,
                    "\"" + name + "\" cannot be a token's name; use 1 to 63 letters, digits,"
                            + " . _ @ or -, beginning with a letter or digit, and not \"" + Principal.LOCAL.name()
                            + "\"");
        }
        checkSees(role, sees);
        Instant now = now();
        String secret = Secret.random();
        Token token = new Token(
                name,
                role,
                Secret.hash(secret),
                now,
                lifetime == null ? null : now.plus(lifetime),
                sees.isEmpty() ? Visibility.ALL : Visibility.of(sees));
        TokenFile.Content content = file.change(before -> {
            requireAdmin(by, before);
            List<Token> after = new ArrayList<>(before.tokens());
            // An expired token must not block its name.
            after.removeIf(other -> other.name().equals(name) && other.isExpired(trusted.instant()));
            if (after.stream().anyMatch(other -> other.name().equals(name))) {
                throw new RefusedException(
                        Reason.NAME_TAKEN,
                        "there is already a token " + name + "; revoke it first, or choose another name");
            }
            if (after.size() >= MAX_TOKENS) {
                throw new RefusedException(
                        Reason.TOO_MANY, "there are already " + MAX_TOKENS + " tokens; revoke some first");
            }
            after.add(token);
            return TokenFile.Content.of(after);
        });
        return new Changed(token, secret, content);
    }

    /** As precise as the file: what was read from it must equal what was written. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static void checkSees(Role role, Set<String> sees) throws RefusedException {
        if (!sees.isEmpty() && role != Role.VIEWER) {
            throw new RefusedException(
                    Reason.INVALID_SEES,
                    "only a viewer's token names whose jobs it sees; an admin sees all, and a submitter"
                            + " all or its own (--private)");
        }
        if (sees.size() > Token.MAX_SEES) {
            throw new RefusedException(
                    Reason.INVALID_SEES,
                    "a token can name at most " + Token.MAX_SEES
                            + " submitters whose jobs it sees; create another one for the others");
        }
        for (String submitter : sees) {
            if (!Token.isName(submitter)) {
                throw new RefusedException(
                        Reason.INVALID_SEES, "\"" + submitter + "\" cannot be the name of a submitter");
            }
        }
    }

    /** Within the change, so that an admin whose token was revoked a moment ago changes nothing. */
    private void requireAdmin(Principal by, TokenFile.Content before) throws RefusedException {
        if (by != null && validAdmins(before).noneMatch(token -> token.equals(by.token()))) {
            throw new RefusedException(Reason.NO_ADMIN, "the token " + by.name() + " is not valid any more");
        }
    }

    private Stream<Token> validAdmins(TokenFile.Content content) {
        return content.tokens().stream()
                .filter(token -> token.role() == Role.ADMIN && !token.isExpired(trusted.instant()));
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
        Instant now = now();
        file.change(before -> {
            List<Token> valid = before.tokens().stream()
                    .filter(token -> !token.isExpired(trusted.instant()))
                    .toList();
            if (!valid.isEmpty()) {
                throw new RefusedException(
                        Reason.NOT_EMPTY,
                        "there are valid tokens (" + valid.size() + ", such as "
                                + valid.get(0).name()
                                + "), which an open server would ignore; revoke them first with `token revoke`");
            }
            return TokenFile.Content.openedAt(now);
        });
    }

    /**
     * Revokes a token.
     *
     * @throws RefusedException if there is none with this name
     */
    public void revoke(String name) throws IOException, RefusedException {
        revoke(null, name);
    }

    /**
     * As {@link #revoke(String)}, for an admin.
     *
     * @param by null for an operator at the command line, who may revoke every token
     * @throws RefusedException also if the admin has no valid token any more, or if no admin would be left
     */
    Changed revoke(Principal by, String name) throws IOException, RefusedException {
        if (list().stream().noneMatch(token -> token.name().equals(name))) {
            // Without a change: there may be no file, which only a first token may create.
            throw unknown(name);
        }
        List<Token> revoked = new ArrayList<>();
        TokenFile.Content content = file.change(before -> {
            requireAdmin(by, before);
            TokenFile.Content after = TokenFile.Content.of(before.tokens().stream()
                    .filter(token -> !token.name().equals(name))
                    .toList());
            before.tokens().stream().filter(token -> token.name().equals(name)).forEach(revoked::add);
            if (revoked.isEmpty()) {
                throw unknown(name);
            }
            if (by != null && validAdmins(after).findAny().isEmpty()) {
                throw new RefusedException(Reason.LAST_ADMIN, name + " is the last admin's token");
            }
            return after;
        });
        return new Changed(revoked.get(0), null, content);
    }

    private static RefusedException unknown(String name) {
        return new RefusedException(Reason.UNKNOWN, "there is no token " + name + "; `token list` shows all");
    }
}
