package tinderbox.docs;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a document says that a command prints. An ellipsis stands for anything in its line, a line of its own for any lines.
 * Ids, tokens and times, and the words that the mark names, may be others.
 */
final class ExpectedOutput {
    private static final String UUID = "\\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b";
    private static final String TIME = "\\b\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z";
    private static final String REQUEST_ID = "\\b[0-9a-f]{16}\\b";
    private static final String TOKEN = "(?<![\\w-])[\\w-]{43}(?![\\w-])";
    private static final String ANY_LINES = "(?m:^…\\n)";
    private static final List<String> CHANGING = List.of(UUID, TIME, REQUEST_ID, TOKEN);

    private final String text;
    private final List<String> differing;

    ExpectedOutput(List<String> lines, List<String> differing) {
        text = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
        this.differing = differing;
    }

    boolean matches(String printed) {
        String words = differing.stream()
                .map(word -> "(?<![\\w.])" + Pattern.quote(word) + "(?![\\w])")
                .collect(Collectors.joining("|"));
        String special = Stream.concat(CHANGING.stream(), Stream.of(ANY_LINES, "…", words.isEmpty() ? "(?!)" : words))
                .map(pattern -> "(" + pattern + ")")
                .collect(Collectors.joining("|"));
        StringBuilder regex = new StringBuilder();
        Matcher place = Pattern.compile(special).matcher(text);
        int end = 0;
        while (place.find()) {
            regex.append(Pattern.quote(text.substring(end, place.start()))).append(replacement(place));
            end = place.end();
        }
        regex.append(Pattern.quote(text.substring(end)));
        boolean endsWithinLine = !printed.isEmpty() && !printed.endsWith("\n");
        return Pattern.matches(regex.toString(), endsWithinLine ? printed + "\n" : printed);
    }

    /** The pattern for a part of the text that may be another one. */
    private static String replacement(MatchResult place) {
        for (int i = 0; i < CHANGING.size(); i++) {
            if (place.group(i + 1) != null) {
                return CHANGING.get(i);
            }
        }
        if (place.group().equals("…\n")) {
            return "(?:.*\n)*";
        }
        return place.group().equals("…") ? ".*" : "[^\\s\",\\]}]+";
    }

    @Override
    public String toString() {
        return text;
    }
}
