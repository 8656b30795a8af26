package tinderbox.docs;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the comment before a code block says about checking it.
 *
 * @param kind whether the block is run
 * @param limit how long it may take, if it is run
 * @param differing what is different each time in the output that the document shows
 * @param reason why it is not run
 */
record Mark(Kind kind, Duration limit, List<String> differing, String reason) {
    enum Kind {
        /** Its commands are run; what a console shows below a command is compared with what that prints. */
        RUN,
        /** It is what the block before it prints. */
        OUTPUT,
        /** It is left to the reader. */
        NOT_RUN
    }

    private static final Pattern COMMENT = Pattern.compile("<!-- docs-check: (.*) -->");
    private static final Pattern RUN = Pattern.compile("(\\d+) s(?:, differs (.+))?");
    private static final Pattern OUTPUT = Pattern.compile("output(?:, differs (.+))?");
    private static final Pattern NOT_RUN = Pattern.compile("not run: (.+)");

    /**
     * Reads a line of a document.
     *
     * @return null if it is no comment for this check
     * @throws IllegalArgumentException if it is one, but says nothing that the check knows
     */
    static Mark parse(String line) {
        Matcher comment = COMMENT.matcher(line.strip());
        if (!comment.matches()) {
            return null;
        }
        String text = comment.group(1);
        Matcher run = RUN.matcher(text);
        if (run.matches()) {
            return new Mark(Kind.RUN, Duration.ofSeconds(Long.parseLong(run.group(1))), differing(run.group(2)), "");
        }
        Matcher output = OUTPUT.matcher(text);
        if (output.matches()) {
            return new Mark(Kind.OUTPUT, Duration.ZERO, differing(output.group(1)), "");
        }
        Matcher notRun = NOT_RUN.matcher(text);
        if (notRun.matches()) {
            return new Mark(Kind.NOT_RUN, Duration.ZERO, List.of(), notRun.group(1));
        }
        throw new IllegalArgumentException("docs-check knows \"60 s\", \"60 s, differs WORD…\", \"output\", \"output,"
                + " differs WORD…\" and \"not run: REASON\", but not \"" + text + "\"");
    }

    private static List<String> differing(String words) {
        return words == null ? List.of() : List.of(words.split(" "));
    }
}
