package tinderbox.security.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.security.audit.AuditAction;
import tinderbox.security.audit.AuditEntry;
import tinderbox.security.audit.AuditEvent;
import tinderbox.security.audit.AuditLog;
import tinderbox.security.audit.AuditQuery;

/**
 * Records in the audit log which tokens were created and revoked. The command that does so is another process, which
 * cannot write to the server's hash chain. So the server compares the tokens with those it saw last, which it stores next
 * to the log. A change that it makes itself, for an admin, is recorded with that admin. Each change has one line: if the
 * server dies before the line is written, the next one writes it, without the admin; if it dies before it has stored what
 * it has seen, the next one finds the line.
 */
final class TokenAudit {
    private static final Logger LOG = LoggerFactory.getLogger(TokenAudit.class);
    private static final String CREATED_AT = "created_at";
    private static final String OPENED_AT = "opened_at";

    private final TokenFile seen;
    private final AuditLog log;

    /** Whether a line may have been written about what is not stored as seen. */
    private boolean unsure = true;

    TokenAudit(Path dataDir, AuditLog log) throws IOException {
        this.seen = new TokenFile(Files.createDirectories(dataDir.resolve("audit")));
        this.log = log;
    }

    /** Records what has changed since the last call, also of an earlier server. */
    void record(TokenFile.Content now) {
        record(now, null, null);
    }

    /**
     * As {@link #record(TokenFile.Content)}.
     *
     * @param name the token that was changed for an admin, or null
     * @param by the admin, or null
     */
    void record(TokenFile.Content now, String name, Actor by) {
        try {
            seen.change(before -> {
                before.tokens().stream()
                        .filter(token -> !now.tokens().contains(token))
                        .forEach(token -> append(
                                AuditAction.TOKEN_REVOKE, token, token.name().equals(name) ? by : null));
                now.tokens().stream()
                        .filter(token -> !before.tokens().contains(token))
                        .forEach(token -> append(
                                AuditAction.TOKEN_CREATE, token, token.name().equals(name) ? by : null));
                if (now.openedAt() != null && !now.openedAt().equals(before.openedAt())) {
                    append(
                            AuditEvent.ofLog(
                                    AuditAction.TOKEN_OPEN,
                                    null,
                                    Map.of(OPENED_AT, now.openedAt().toString())),
                            OPENED_AT);
                }
                return now;
            });
            unsure = false;
        } catch (IOException e) {
            unsure = true;
            LOG.error("The audit log could not record which tokens have changed: {}", e.toString());
        }
    }

    private void append(AuditAction action, Token token, Actor by) {
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("role", token.role().code());
        params.put(CREATED_AT, token.createdAt().toString());
        // Null, as everywhere in the API, not the text "null".
        params.put(
                "expires_at",
                token.expiresAt() == null ? null : token.expiresAt().toString());
        if (!token.sees().isAll()) {
            params.put("sees", token.sees().toString());
        }
        append(
                by == null
                        ? AuditEvent.ofLog(action, token.name(), params)
                        : new AuditEvent(
                                by.principal().name(),
                                by.principal().role().code(),
                                by.address(),
                                action,
                                token.name(),
                                params,
                                action == AuditAction.TOKEN_CREATE ? 201 : 204,
                                null,
                                by.requestId()),
                CREATED_AT);
    }

    private void append(AuditEvent event, String time) {
        if (!unsure || !isRecorded(event, time)) {
            log.append(event);
        }
    }

    /** Whether one of the newest lines is about this event, which the time in its parameters identifies. */
    private boolean isRecorded(AuditEvent event, String time) {
        try {
            List<AuditEntry> newest =
                    log.page(AuditQuery.newest(AuditQuery.MAX_LIMIT)).entries();
            return newest.stream()
                    .anyMatch(entry -> entry.action().equals(event.action().word())
                            && Objects.equals(entry.target(), event.target())
                            && event.params().get(time).equals(entry.params().get(time)));
        } catch (IOException e) {
            LOG.warn("The audit log could not be read, so a change of the tokens may be in it twice: {}", e.toString());
            return false;
        }
    }
}
