package tinderbox.docs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A command of a code block.
 *
 * @param expected what the document says that it prints; empty if it says nothing
 */
record Command(String text, List<String> expected) {
    private static final String PROMPT = "$ ";

    /** The commands of a block: in a console those after each prompt, otherwise the block as a whole. */
    static List<Command> of(Block block) throws IOException, InterruptedException {
        if (!block.language().equals("console")) {
            return List.of(new Command(String.join("\n", block.lines()), List.of()));
        }
        List<Command> commands = new ArrayList<>();
        List<String> lines = block.lines();
        int i = 0;
        while (i < lines.size()) {
            if (!lines.get(i).startsWith(PROMPT)) {
                throw new IllegalArgumentException("a console block begins with \"" + PROMPT + "\": " + lines.get(i));
            }
            StringBuilder text = new StringBuilder(lines.get(i++).substring(PROMPT.length()));
            while (i < lines.size() && continues(text.toString())) {
                text.append('\n').append(lines.get(i++));
            }
            List<String> expected = new ArrayList<>();
            while (i < lines.size() && !lines.get(i).startsWith(PROMPT)) {
                expected.add(lines.get(i++));
            }
            commands.add(new Command(text.toString(), expected));
        }
        return commands;
    }

    /** Whether bash would wait for another line. */
    private static boolean continues(String text) throws IOException, InterruptedException {
        if (text.endsWith("\\")) {
            return true;
        }
        Process bash = new ProcessBuilder("bash", "-n", "-c", text)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return bash.waitFor() != 0;
    }
}
