package tinderbox.http.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the page may load and run: only what this server sends, and of what stands in the page itself only the import
 * map. That must be inline, for browsers take no import map from a file. Its hash is made from the page as it is, so
 * that the two never part; text that someone brings into the page has another hash, and does not run.
 *
 * @see <a href="https://www.w3.org/TR/CSP3/#match-element-to-source-list">CSP 3: the hash of an inline script</a>
 */
final class ContentSecurityPolicy {
    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

    private ContentSecurityPolicy() {}

    /** The Content-Security-Policy for this page and all that belongs to it. */
    static String of(String page) {
        Matcher importMap = IMPORT_MAP.matcher(page);
        String hash = importMap.find() ? " 'sha256-" + sha256(importMap.group(1)) + "'" : "";
        return "default-src 'none'; script-src 'self'" + hash + "; style-src 'self'; img-src 'self' data:;"
                + " connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /** As a browser makes it, to which every end of a line is a line feed. */
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
