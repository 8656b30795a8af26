package tinderbox.security.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.LaunchCommand;
import tinderbox.security.audit.AuditLog;

/**
 * The tokens of a running server, as the file says that there are. They are needed once one was made, and in any case
 * if other machines can reach the server. A file that cannot be read lets nobody in, nor does one that is missing
 * although this process or the audit log has seen tokens: only `token open` opens a server.
 */
public final class Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Path dataDir;
    private final TokenFile file;
    private final boolean always;
    private final Clock clock;
    private final LongSupplier nanos;
    private TokenAudit audit;
    private volatile Known known;

    /** What the file said when it was read; null if there was a problem. */
    private record Known(Object version, TokenFile.Content content, String problem, long lookedAt) {
        boolean isClosed() {
            return content == null || !content.isOpen();
        }

        List<Token> tokens() {
            return content == null ? List.of() : content.tokens();
        }
    }

    /**
     * Those of a data dir.
     *
     * @param always whether tokens are needed even where none was made
     */
    public Tokens(Path dataDir, boolean always, Clock clock) {
        this(dataDir, always, clock, System::nanoTime);
    }

    Tokens(Path dataDir, boolean always, Clock clock, LongSupplier nanos) {
        this.dataDir = dataDir;
        this.file = new TokenFile(dataDir);
        this.always = always;
        this.clock = clock;
        this.nanos = nanos;
        this.known = look(null);
    }

    /** Has it written down from now on which tokens come and go, those among them that did since the last time. */
    public synchronized void audit(Path dataDir, AuditLog log) throws IOException {
        audit = new TokenAudit(dataDir, log);
        tellAudit(known);
    }

    private void tellAudit(Known now) {
        if (audit != null && now.problem == null) {
            audit.follow(now.content);
        }
    }

    /** Whether a caller needs a token. */
    public boolean areNeeded() {
        return always || now().isClosed();
    }

    /** Whether there is one that lets somebody in. */
    public boolean letSomebodyIn() {
        return now().tokens().stream().anyMatch(token -> !token.isExpired(clock.instant()));
    }

    /** Why nobody is let in although there are tokens; empty where all is well. */
    public Optional<String> problem() {
        return Optional.ofNullable(now().problem);
    }

    /** Whose secret this is; empty where it is nobody's. Takes as long for a wrong one as for a right one. */
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

    /** Whether there is a token with this name and role that has not ended. */
    boolean know(Principal principal) {
        return now().tokens().stream()
                .anyMatch(token -> token.name().equals(principal.name())
                        && token.role() == principal.role()
                        && !token.isExpired(clock.instant()));
    }

    /** The token as it is now; empty where it has been taken back or has ended. */
    Optional<Token> stillThere(Token token) {
        return token.isExpired(clock.instant())
                ? Optional.empty()
                : now().tokens().stream().filter(token::equals).findFirst();
    }

    private Known now() {
        Known last = known;
        if (nanos.getAsLong() - last.lookedAt < LOOK_AGAIN_NANOS) {
            return last;
        }
        synchronized (this) {
            if (nanos.getAsLong() - known.lookedAt >= LOOK_AGAIN_NANOS) {
                Known before = known;
                known = look(before);
                if (!Objects.equals(before.version, known.version)) {
                    tellAudit(known);
                }
            }
            return known;
        }
    }

    private Known look(Known last) {
        long lookedAt = nanos.getAsLong();
        try {
            BasicFileAttributes attributes = Files.readAttributes(file.path(), BasicFileAttributes.class);
            Object version =
                    List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
            if (last != null && version.equals(last.version)) {
                return new Known(version, last.content, last.problem, lookedAt);
            }
            TokenFile.Content content = file.read();
            if (last != null) {
                LOG.info(
                        "The tokens have changed: {} are known now",
                        content.tokens().size());
            }
            return new Known(version, content, null, lookedAt);
        } catch (NoSuchFileException e) {
            return missing(last, lookedAt);
        } catch (IOException e) {
            return unreadable(e, last, lookedAt);
        }
    }

    private Known missing(Known last, long lookedAt) {
        try {
            if (last == null ? TokenHistory.knowsTokens(dataDir) : last.isClosed()) {
                return problem(missing(), last, lookedAt);
            }
            return new Known(null, TokenFile.Content.NEVER_MADE, null, lookedAt);
        } catch (IOException e) {
            return unreadable(e, last, lookedAt);
        }
    }

    private String missing() {
        return file.path()
                + " is missing, but there were tokens, so nobody is let in; put it back from a backup, or run"
                + " " + LaunchCommand.text() + " token create --name NAME --role admin --data-dir " + dataDir
                + " to keep the server closed, or " + LaunchCommand.text() + " token open --data-dir " + dataDir
                + " to let everybody on this machine in as an admin";
    }

    private Known unreadable(IOException e, Known last, long lookedAt) {
        return problem(
                "the tokens cannot be read, so nobody is let in: " + e.getMessage()
                        + "; make the file readable for this user, or put it back from a backup",
                last,
                lookedAt);
    }

    private static Known problem(String problem, Known last, long lookedAt) {
        // At a start, the caller reports it.
        if (last != null && !problem.equals(last.problem)) {
            LOG.error(problem);
        }
        return new Known(null, null, problem, lookedAt);
    }
}
