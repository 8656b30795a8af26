package tinderbox.security.auth;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes and revokes tokens, and opens a server that has none. A server that runs on the same data dir follows within a
 * second.
 */
public final class TokenAdmin {
    /** So many are enough, and all are looked at for each request. */
    static final int MOST = 10_000;

    private final TokenFile file;
    private final Clock clock;
    private final Clock trusted;

    /** For a data dir, which must be there, with a clock that is taken to be right. */
    public TokenAdmin(Path dataDir, Clock clock) {
        this(dataDir, clock, clock);
    }

    /**
     * For a data dir, which must be there.
     *
     * @param clock when a token is made, and from when on its lifetime counts
     * @param trusted what tells that a token has expired
     */
    public TokenAdmin(Path dataDir, Clock clock, Clock trusted) {
        this.file = new TokenFile(dataDir);
        this.clock = clock;
        this.trusted = trusted;
    }

    /** That what was asked for cannot be done with the tokens that there are; the message says why and what to do. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Makes a token.
     *
     * @param lifetime how long it lasts; null for ever
     * @return its secret, which is kept nowhere
     * @throws RefusedException where the name is no name or is taken
     */
    public String create(String name, Role role, Duration lifetime) throws IOException, RefusedException {
        if (!Token.isName(name)) {
            throw new RefusedException("\"" + name + "\" cannot be a token's name; take 1 to 63 letters, digits,"
                    + " . _ @ or -, the first a letter or digit, and not \"" + Principal.LOCAL.name() + "\"");
        }
        Instant now = clock.instant();
        String secret = Secret.random();
        Token made = new Token(name, role, Secret.hash(secret), now, lifetime == null ? null : now.plus(lifetime));
        List<String> refusals = new ArrayList<>();
        file.change(before -> {
            List<Token> after = new ArrayList<>(before.tokens());
            // One that has ended only keeps the name from who comes after.
            after.removeIf(token -> token.name().equals(name) && token.isExpired(trusted.instant()));
            if (after.stream().anyMatch(token -> token.name().equals(name))) {
                refusals.add("there is a token " + name + " already; revoke it first, or choose another name");
                return before;
            }
            if (after.size() >= MOST) {
                refusals.add("there are " + MOST + " tokens already; revoke some first");
                return before;
            }
            after.add(made);
            return TokenFile.Content.of(after);
        });
        if (!refusals.isEmpty()) {
            throw new RefusedException(refusals.get(0));
        }
        return secret;
    }

    /** All tokens, in the order in which they were made; none where none was ever made. */
    public List<Token> list() throws IOException {
        try {
            return file.read().tokens();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /**
     * Lets everybody on the server's machine in as an admin, without a token.
     *
     * @throws RefusedException if there are tokens that still let somebody in
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
            throw new RefusedException("there are tokens (" + valid.size() + ", such as " + valid.get(0)
                    + "), and an open server asks for none; revoke them first with `token revoke`");
        }
    }

    /**
     * Takes a token back.
     *
     * @throws RefusedException where there is none of this name
     */
    public void revoke(String name) throws IOException, RefusedException {
        boolean isThere = list().stream().anyMatch(token -> token.name().equals(name));
        if (!isThere) {
            throw new RefusedException("there is no token " + name + "; `token list` tells which there are");
        }
        file.change(before -> TokenFile.Content.of(before.tokens().stream()
                .filter(token -> !token.name().equals(name))
                .toList()));
    }
}
