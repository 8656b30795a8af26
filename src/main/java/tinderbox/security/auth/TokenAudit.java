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
 * Writes down which tokens came and went. The command that makes them is another process, which cannot write into a
 * server's chain; so the server compares with the tokens that it knew of last, which it keeps beside its log.
 */
final class TokenAudit {
    private static final Logger LOG = LoggerFactory.getLogger(TokenAudit.class);

    private final TokenFile seen;
    private final AuditLog log;

    TokenAudit(Path dataDir, AuditLog log) throws IOException {
        this.seen = new TokenFile(Files.createDirectories(dataDir.resolve("audit")));
        this.log = log;
    }

    /** This is what the file of tokens says now. */
    void follow(TokenFile.Content now) {
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
            LOG.error("Which tokens have changed could not be written down: {}", e.toString());
        }
    }

    private void append(AuditAction action, Token token) {
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("role", token.role().code());
        params.put("created_at", token.createdAt().toString());
        // Not at all is null, as everywhere in the API, and no text.
        params.put(
                "expires_at",
                token.expiresAt() == null ? null : token.expiresAt().toString());
        log.append(AuditEvent.ofLog(action, token.name(), params));
    }
}
