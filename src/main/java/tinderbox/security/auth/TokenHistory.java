package tinderbox.security.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import tinderbox.common.LineReader;
import tinderbox.security.audit.AuditAction;
import tinderbox.security.audit.AuditEntry;
import tinderbox.security.audit.AuditFolder;
import tinderbox.security.audit.AuditLine;

/** Finds out from the audit log whether authentication was on, if a start finds no {@code tokens.json}. */
final class TokenHistory {
    private TokenHistory() {}

    /**
     * Whether authentication was on when the audit log was last written: according to the tokens that are stored next
     * to the log, or else to the newest line about a created token or an opening.
     *
     * @throws IOException if there is an audit log, but it cannot be read
     */
    static boolean wasClosed(Path dataDir) throws IOException {
        AuditFolder folder = AuditFolder.of(dataDir);
        if (!Files.exists(folder.path())) {
            return false;
        }
        Optional<TokenFile.Content> lastSeen = lastSeen(folder);
        if (lastSeen.isPresent()) {
            TokenFile.Content content = lastSeen.get();
            if (!content.tokens().isEmpty() || content.open() != null) {
                return !content.isOpen();
            }
        }
        return logSaysClosed(folder);
    }

    private static Optional<TokenFile.Content> lastSeen(AuditFolder folder) throws IOException {
        try {
            return Optional.of(new TokenFile(folder.path()).read());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static boolean logSaysClosed(AuditFolder folder) throws IOException {
        List<Path> files = new ArrayList<>();
        folder.full().forEach(full -> files.add(full.path()));
        files.add(folder.current());
        Collections.reverse(files);
        for (Path file : files) {
            Optional<AuditAction> last = lastAction(file);
            if (last.isPresent()) {
                return last.get() == AuditAction.TOKEN_CREATE;
            }
        }
        return false;
    }

    private static Optional<AuditAction> lastAction(Path file) throws IOException {
        try (LineReader lines = LineReader.backwards(file)) {
            while (lines.advance()) {
                if (lines.isComplete()) {
                    Optional<AuditAction> action = action(lines.line());
                    if (action.isPresent()) {
                        return action;
                    }
                }
            }
        } catch (NoSuchFileException e) {
            // Between two files, there is no current one.
        }
        return Optional.empty();
    }

    /** The action of a line about a created token or an opening; empty for other lines, which are not parsed. */
    private static Optional<AuditAction> action(byte[] line) {
        String text = new String(line, StandardCharsets.ISO_8859_1);
        for (AuditAction action : List.of(AuditAction.TOKEN_CREATE, AuditAction.TOKEN_OPEN)) {
            if (text.contains("\"action\":\"" + action.word() + "\"")) {
                try {
                    AuditEntry entry = AuditLine.read(line).entry();
                    // A refused request is no creation.
                    if (entry.action().equals(action.word()) && entry.code() == null) {
                        return Optional.of(action);
                    }
                } catch (AuditLine.DamagedException e) {
                    // It is damaged; `audit verify` reports it.
                }
            }
        }
        return Optional.empty();
    }
}
