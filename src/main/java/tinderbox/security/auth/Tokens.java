package tinderbox.security.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.LaunchCommand;
import tinderbox.security.audit.AuditLog;

/**
 * The tokens of a running server, which follow their file. They are required once one was created, and always if other
 * machines can reach the server. If the file cannot be read, nobody is let in. The same holds if it is missing although
 * this process or the audit log has seen tokens: only {@code token open} turns authentication off.
 */
public final class Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final long REFRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Path dataDir;
    private final TokenFile file;
    private final boolean alwaysRequired;
    private final Clock clock;
    private final LongSupplier nanos;
    private TokenAudit audit;
    private TokenAdmin admin;
    private volatile State state;

    /**
     * The file when it was last checked.
     *
     * @param version changes with the file; null if it could not be read
     * @param content null if there was a problem
     */
    private record State(Object version, TokenFile.Content content, String problem, long checkedNanos) {
        boolean isClosed() {
            return content == null || !content.isOpen();
        }

        List<Token> tokens() {
            return content == null ? List.of() : content.tokens();
        }
    }

    /**
     * The tokens of a data dir.
     *
     * @param alwaysRequired whether tokens are required even if there never was one
     */
    public Tokens(Path dataDir, boolean alwaysRequired, Clock clock) {
        this(dataDir, alwaysRequired, clock, System::nanoTime);
    }

    Tokens(Path dataDir, boolean alwaysRequired, Clock clock, LongSupplier nanos) {
        this.dataDir = dataDir;
        this.file = new TokenFile(dataDir);
        this.alwaysRequired = alwaysRequired;
        this.clock = clock;
        this.nanos = nanos;
        this.state = check(null);
    }

    /**
     * Records created and revoked tokens from now on, and those since the last server recorded them. From now on, admins
     * can change tokens.
     *
     * @param records the clock for when a token is created
     */
    public synchronized void audit(AuditLog log, Clock records) throws IOException {
        audit = new TokenAudit(dataDir, log);
        admin = new TokenAdmin(dataDir, records, clock);
        recordChanges(state);
    }

    private void recordChanges(State now) {
        if (audit != null && now.problem == null) {
            audit.record(now.content);
        }
    }

    /** Whether requests need a token. */
    public boolean areRequired() {
        return alwaysRequired || now().isClosed();
    }

    /** Whether any token is valid. */
    public boolean anyValid() {
        return now().tokens().stream().anyMatch(token -> !token.isExpired(clock.instant()));
    }

    /** Why nobody is let in although there may be tokens; empty if there is no problem. */
    public Optional<String> problem() {
        return Optional.ofNullable(now().problem);
    }

    /** The valid token with this secret, if there is one. Takes as long for a wrong secret as for a right one. */
    public Optional<Token> find(String secret) {
        byte[] hash = Secret.hash(secret).getBytes(StandardCharsets.US_ASCII);
        Token found = null;
        for (Token token : now().tokens()) {
            if (MessageDigest.isEqual(hash, token.sha256().getBytes(StandardCharsets.US_ASCII))) {
                found = token;
            }
        }
        return Optional.ofNullable(found).filter(token -> !token.isExpired(clock.instant()));
    }

    /** Whether the token of this name is an admin's, also one that has expired. */
    boolean hasAdmin(String name) {
        return now().tokens().stream().anyMatch(token -> token.name().equals(name) && token.role() == Role.ADMIN);
    }

    /** The token, if it is still valid. */
    Optional<Token> current(Token token) {
        return token.isExpired(clock.instant())
                ? Optional.empty()
                : now().tokens().stream().filter(token::equals).findFirst();
    }

    /** All tokens with whether they are valid, in the order in which they were created. */
    public List<Listed> list() {
        Instant now = clock.instant();
        return now().tokens().stream()
                .map(token -> new Listed(token, token.isExpired(now)))
                .toList();
    }

    /** A token, and whether it has expired. */
    public record Listed(Token token, boolean expired) {}

    /** A token that was just created, and its secret, which is not stored. */
    public record Created(Token token, String secret) {}

    /**
     * Creates a token for an admin.
     *
     * @param lifetime null for no limit
     * @param sees the names of the submitters whose jobs and uploads a viewer sees; empty for everybody
     * @throws TokenAdmin.RefusedException if the name is not valid or is taken, or the admin has no valid token any more
     * @throws TokenFile.BusyException if a command is changing the tokens
     */
    public synchronized Created create(Actor by, String name, Role role, Duration lifetime, Set<String> sees)
            throws IOException, TokenAdmin.RefusedException {
        TokenAdmin.Changed changed = admin.create(by.principal(), name, role, lifetime, sees);
        follow(changed, by);
        return new Created(changed.token(), changed.secret());
    }

    /**
     * Revokes a token for an admin.
     *
     * @throws TokenAdmin.RefusedException if there is no such token, if no admin would be left, or if the admin has no
     *     valid token any more
     * @throws TokenFile.BusyException if a command is changing the tokens
     */
    public synchronized void revoke(Actor by, String name) throws IOException, TokenAdmin.RefusedException {
        follow(admin.revoke(by.principal(), name), by);
    }

    /** Records a change before {@link #now} can find it in the file, where it does not say who made it. */
    private void follow(TokenAdmin.Changed changed, Actor by) {
        audit.record(changed.after(), changed.token().name(), by);
        state = check(state);
        recordChanges(state);
    }

    private State now() {
        State last = state;
        if (nanos.getAsLong() - last.checkedNanos < REFRESH_NANOS) {
            return last;
        }
        synchronized (this) {
            if (nanos.getAsLong() - state.checkedNanos >= REFRESH_NANOS) {
                State before = state;
                state = check(before);
                if (!Objects.equals(before.version, state.version)) {
                    recordChanges(state);
                }
            }
            return state;
        }
    }

    private State check(State last) {
        long checkedNanos = nanos.getAsLong();
        try {
            BasicFileAttributes attributes = Files.readAttributes(file.path(), BasicFileAttributes.class);
            Object version =
                    List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
            if (last != null && version.equals(last.version)) {
                return new State(version, last.content, last.problem, checkedNanos);
            }
            TokenFile.Content content = file.read();
            if (last != null) {
                LOG.info(
                        "The tokens have changed; there are {} now",
                        content.tokens().size());
            }
            return new State(version, content, null, checkedNanos);
        } catch (NoSuchFileException e) {
            return missing(last, checkedNanos);
        } catch (IOException e) {
            return unreadable(e, last, checkedNanos);
        }
    }

    private State missing(State last, long checkedNanos) {
        try {
            if (last == null ? TokenHistory.wasClosed(dataDir) : last.isClosed()) {
                return problem(missing(), last, checkedNanos);
            }
            return new State(null, TokenFile.Content.INITIAL, null, checkedNanos);
        } catch (IOException e) {
            return unreadable(e, last, checkedNanos);
        }
    }

    private String missing() {
        return file.path()
                + " is missing, but there were tokens, so nobody is let in; put it back from a backup, or run"
                + " " + LaunchCommand.text() + " token create --name NAME --role admin --data-dir " + dataDir
                + " to keep the server closed, or " + LaunchCommand.text() + " token open --data-dir " + dataDir
                + " to let everybody on this machine in as an admin";
    }

    private State unreadable(IOException e, State last, long checkedNanos) {
        return problem(
                "the tokens cannot be read, so nobody is let in: " + e.getMessage()
                        + "; make the file readable for this user, or put it back from a backup",
                last,
                checkedNanos);
    }

    private static State problem(String problem, State last, long checkedNanos) {
        // At a start, BindPolicy reports it.
        if (last != null && !problem.equals(last.problem)) {
            LOG.error(problem);
        }
        return new State(null, null, problem, checkedNanos);
    }
}
