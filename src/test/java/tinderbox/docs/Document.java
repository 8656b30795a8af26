package tinderbox.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A document with its code blocks.
 *
 * @param ownServer whether its commands start a server; otherwise they use one that runs already
 */
record Document(Path path, List<Block> blocks, boolean ownServer) {
    private static final Pattern FENCE = Pattern.compile("( *)```+ *(\\S*).*");
    private static final String OWN_SERVER = "<!-- docs-check: own server -->";

    /** All documents of the repository for users and developers. */
    static List<Path> all() throws IOException {
        List<Path> documents = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(""))) {
            files.forEach(documents::add);
        }
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            files.forEach(documents::add);
        }
        return documents.stream()
                .filter(file -> file.toString().endsWith(".md"))
                .sorted()
                .toList();
    }

    static Document read(Path path) throws IOException {
        return parse(path, Files.readAllLines(path));
    }

    static Document parse(Path path, List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (!fence.matches()) {
                continue;
            }
            int first = i;
            String indentation = fence.group(1);
            List<String> text = new ArrayList<>();
            for (i++; i < lines.size() && !lines.get(i).equals(indentation + "```"); i++) {
                text.add(lines.get(i).startsWith(indentation) ? lines.get(i).substring(indentation.length()) : "");
            }
            if (i == lines.size()) {
                throw new IllegalArgumentException(path + ":" + (first + 1) + ": this code block has no end");
            }
            blocks.add(new Block(first + 1, fence.group(2), text, markAbove(path, lines, first)));
        }
        return new Document(path, blocks, lines.contains(OWN_SERVER));
    }

    private static Mark markAbove(Path path, List<String> lines, int fence) {
        try {
            return fence == 0 ? null : Mark.parse(lines.get(fence - 1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ":" + fence + ": " + e.getMessage(), e);
        }
    }

    /** What is wrong with the blocks themselves: those without a mark, and those of unknown languages. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Block block : blocks) {
            if (!block.problem().isEmpty()) {
                problems.add(path + ":" + block.line() + ": " + block.problem());
            }
        }
        return problems;
    }
}
