package tinderbox.job;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Why a job failed, in words for its submitter; stack traces go to the job's log only.
 *
 * @param code the stable reason
 * @param message the root cause in plain words
 * @param hint what to do next; may be empty
 * @param position where in the text of a parameter, or null
 */
public record Failure(ErrorCode code, String message, String hint, TextPosition position) {
    /** Of a message, and of a hint, in characters: longer ones are cut, whatever a library says. */
    public static final int MAX_WORDS = 4_000;

    private static final int MAX_MESSAGE = 500;
    private static final Pattern FOLDERS =
            Pattern.compile("(\\btb:[\\w.~%/-]*)|(?:file:)?(?:/+[\\w.@+-]+)+/(?=[\\w.@+-])");

    public Failure {
        Objects.requireNonNull(code, "code");
        message = cut(Objects.requireNonNull(message, "message"));
        hint = cut(Objects.requireNonNull(hint, "hint"));
    }

    private static String cut(String words) {
        if (words.length() <= MAX_WORDS) {
            return words;
        }
        boolean splitsCharacter = Character.isHighSurrogate(words.charAt(MAX_WORDS - 2));
        return words.substring(0, MAX_WORDS - (splitsCharacter ? 2 : 1)) + "…";
    }

    /** A failure that has no place in a text. */
    public Failure(ErrorCode code, String message, String hint) {
        this(code, message, hint, null);
    }

    /** A copy with other words. */
    public Failure reworded(UnaryOperator<String> words) {
        return new Failure(code, words.apply(message), words.apply(hint), position);
    }

    /** A message of a library, without the folders of this machine that it may name. */
    public static String withoutFolders(String message) {
        if (message == null) {
            return "no reason given";
        }
        // Truncated first, because the regular expression recurses with the length; half a surrogate pair becomes a ?.
        byte[] utf8 =
                message.substring(0, Math.min(message.length(), MAX_MESSAGE)).getBytes(StandardCharsets.UTF_8);
        return FOLDERS.matcher(new String(utf8, StandardCharsets.UTF_8)).replaceAll("$1");
    }
}
