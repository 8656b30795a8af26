package tinderbox.common;

import java.util.regex.Pattern;

/** How the user starts this program, so that commands in messages work if they are copied. */
public final class LaunchCommand {
    /** Set by run.sh to the path that the user typed. */
    private static final String PROPERTY = "tinderbox.command";

    private static final Pattern PLAIN = Pattern.compile("[\\w./@%+=:,-]+");

    private LaunchCommand() {}

    /** The command without arguments, such as {@code ./run.sh} or {@code java -jar tinderbox.jar}. */
    public static String text() {
        return text(System.getProperty(PROPERTY), System.getProperty("java.class.path"));
    }

    static String text(String script, String classPath) {
        if (script != null) {
            return quoted(script);
        }
        // With -jar, the class path is the JAR as the user has named it.
        return "java -jar " + (classPath.matches("[^:;]*\\.jar") ? quoted(classPath) : "tinderbox.jar");
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
