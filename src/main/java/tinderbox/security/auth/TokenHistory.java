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
import tinderbox.security.audit.AuditFolder;
import tinderbox.security.audit.AuditLine;

/** What the audit log of a data dir says about tokens, for a start that finds no {@code tokens.json}. */
final class TokenHistory {
    private TokenHistory() {}

    /**
     * Whether the server was closed when the audit log was last written: by the tokens that are kept beside the log, or
     * else by the newest line that tells of a token or of an opening.
     *
     * @throws IOException if there is an audit log, but it cannot be read
     */
    static boolean knowsTokens(Path dataDir) throws IOException {
        AuditFolder folder = AuditFolder.of(dataDir);
        if (!Files.exists(folder.path())) {
            return false;
        }
        Optional<TokenFile.Content> kept = kept(folder);
        if (kept.isPresent()) {
            TokenFile.Content content = kept.get();
            if (!content.tokens().isEmpty() || content.open() != null) {
                return !content.isOpen();
            }
        }
        return logKnowsTokens(folder);
    }

    private static Optional<TokenFile.Content> kept(AuditFolder folder) throws IOException {
        try {
            return Optional.of(new TokenFile(folder.path()).read());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static boolean logKnowsTokens(AuditFolder folder) throws IOException {
        List<Path> files = new ArrayList<>();
        folder.full().forEach(full -> files.add(full.path()));
        files.add(folder.current());
        Collections.reverse(files);
        for (Path file : files) {
            Optional<AuditAction> last = lastOf(file);
            if (last.isPresent()) {
                return last.get() == AuditAction.TOKEN_CREATE;
            }
        }
        return false;
    }

    private static Optional<AuditAction> lastOf(Path file) throws IOException {
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
            // There is none between two.
        }
        return Optional.empty();
    }

    /** Creation or opening, if the line tells of one. Only such a line is worth being parsed. */
    private static Optional<AuditAction> action(byte[] line) {
        String text = new String(line, StandardCharsets.ISO_8859_1);
        for (AuditAction action : List.of(AuditAction.TOKEN_CREATE, AuditAction.TOKEN_OPEN)) {
            if (text.contains("\"action\":\"" + action.word() + "\"")) {
                try {
                    if (AuditLine.read(line).entry().action().equals(action.word())) {
                        return Optional.of(action);
                    }
                } catch (AuditLine.DamagedException e) {
                    // Not one of ours; `audit verify` names it.
                }
            }
        }
        return Optional.empty();
    }
}
