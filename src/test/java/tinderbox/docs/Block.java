package tinderbox.docs;

import java.util.List;
import java.util.Set;

/**
 * A code block of a document.
 *
 * @param line the number of its first line, the one with the language
 * @param lines its text, without the indentation of the whole block
 * @param mark what the comment before it says, or null
 */
record Block(int line, String language, List<String> lines, Mark mark) {
    private static final Set<String> COMMANDS = Set.of("console", "bash", "python");
    private static final Set<String> OTHERS = Set.of(
            "text",
            "sql",
            "csv",
            "json",
            "java",
            "mermaid",
            "ini",
            "properties",
            "nginx",
            "yaml",
            "xml",
            "promql",
            "dockerfile");

    /** Whether readers are to run it, so that it needs a mark. */
    boolean isCommand() {
        return COMMANDS.contains(language);
    }

    /** What is wrong with the block itself, or an empty text. */
    String problem() {
        if (!isCommand() && !OTHERS.contains(language)) {
            return "docs-check knows no language \"" + language
                    + "\": use one of console, bash and python for commands,"
                    + " text for output, or add it to tinderbox.docs.Block";
        }
        if (isCommand() && (mark == null || mark.kind() == Mark.Kind.OUTPUT)) {
            return "write <!-- docs-check: 60 s --> before it, so that it is run with this time limit, or <!-- docs-check:"
                    + " not run: REASON -->";
        }
        return "";
    }
}
