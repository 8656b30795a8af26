package tinderbox.security.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.security.audit.AuditAction;
import tinderbox.security.audit.AuditEvent;
import tinderbox.security.audit.AuditLog;

/**
 * Records in the audit log which tokens were created and revoked. The command that does so is another process, which
 * cannot write to the server's hash chain. So the server compares the tokens with those it saw last, which it stores next
 * to the log.
 */
final class TokenAudit {
    private static final Logger LOG = LoggerFactory.getLogger(TokenAudit.class);

    private final TokenFile seen;
    private final AuditLog log;

    TokenAudit(Path dataDir, AuditLog log) throws IOException {
        this.seen = new TokenFile(Files.createDirectories(dataDir.resolve("audit")));
        this.log = log;
    }

    /** Records what has changed since the last call, also of an earlier server. */
    void record(TokenFile.Content now) {
        try {
            seen.change(before -> {
                before.tokens().stream()
                        .filter(token -> !now.tokens().contains(token))
                        .forEach(token -> append(AuditAction.TOKEN_REVOKE, token));
                now.tokens().stream()
                        .filter(token -> !before.tokens().contains(token))
                        .forEach(token -> append(AuditAction.TOKEN_CREATE, token));
                if (now.openedAt() != null && !now.openedAt().equals(before.openedAt())) {
                    log.append(AuditEvent.ofLog(
                            AuditAction.TOKEN_OPEN,
                            null,
                            Map.of("opened_at", now.openedAt().toString())));
                }
                return now;
            });
        } catch (IOException e) {
            LOG.error("The audit log could not record which tokens have changed: {}", e.toString());
        }
    }

    private void append(AuditAction action, Token token) {
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("role", token.role().code());
        params.put("created_at", token.createdAt().toString());
        // Null, as everywhere in the API, not the text "null".
        params.put(
                "expires_at",
                token.expiresAt() == null ? null : token.expiresAt().toString());
        if (!token.sees().isAll()) {
            params.put("sees", token.sees().toString());
        }
        log.append(AuditEvent.ofLog(action, token.name(), params));
    }
}
