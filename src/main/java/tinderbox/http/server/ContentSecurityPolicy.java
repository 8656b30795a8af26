package tinderbox.http.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the page may load and run: only files of this server, and the import map. The map must be inline, because browsers
 * accept no import map from a file. Its hash is computed from the page itself, so the two always match; injected scripts
 * have another hash and do not run.
 *
 * @see <a href="https://www.w3.org/TR/CSP3/#match-element-to-source-list">CSP 3: the hash of an inline script</a>
 */
final class ContentSecurityPolicy {
    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

    private ContentSecurityPolicy() {}

    /** The Content-Security-Policy header of this page. */
    static String of(String page) {
        Matcher importMap = IMPORT_MAP.matcher(page);
        String hash = importMap.find() ? " 'sha256-" + sha256(importMap.group(1)) + "'" : "";
        return "default-src 'none'; script-src 'self'" + hash + "; style-src 'self'; img-src 'self' data:;"
                + " connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /** As browsers compute it: every line ends with a line feed. */
    private static String sha256(String script) {
        byte[] bytes = script.replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8);
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
