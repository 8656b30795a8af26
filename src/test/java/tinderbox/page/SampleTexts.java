package tinderbox.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The inputs that jobs of these tests read, and what is known of their words. */
final class SampleTexts {
    static final String SMALL = "texts/small.txt";

    /** What a word count of the small file says. */
    static final String SMALL_CSV = "word,count\nbe,2\nto,2\nnot,1\nor,1\n";

    /** Fails a job, always and at once. */
    static final String BROKEN = "texts/broken.gz";

    static final String EMPTY = "texts/empty.txt";

    /** A name and words that would be markup if anyone took them for it. */
    static final String MARKUP = "<img src=x onerror=document.title='hacked'>";

    static final String MARKUP_WORD = "<img/src=x/onerror=document.title='hacked'>";

    /** Turns what follows around, where it is not kept apart. */
    static final String BIDI = "\u202Etxt.live\u2066";

    static final String HOSTILE = "texts/" + MARKUP + BIDI + ".txt";
    static final String LONG_WORD = "w".repeat(10_000);

    /** Words that are wider, or reach further up and down, than they are long. */
    static final String WIDE = "texts/wide.txt";

    static final String KANJI = "\u6F22\u5B57".repeat(15);
    static final String FULL_WIDTH = "\uFF57".repeat(30);

    /** A letter under so many marks that they reach over several rows. */
    static final String PILE = "z" + "\u0301\u0302\u0303\u0304".repeat(40);

    /** Where a cut after as many code units as the page shows would halve the emoji. */
    static final String EMOJI = "x".repeat(19) + "\uD83D\uDE00y";

    /** A name that no job can be sent with. */
    static final String UNNAMEABLE = "a, b.txt";

    /** A name in a script that runs the other way, with an ending that does not. */
    static final String HEBREW = "\u05E9\u05DC\u05D5\u05DD.txt";

    private SampleTexts() {}

    /** Makes the folder. */
    static Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(in(folder, SMALL), "to be or not to be\n");
        Files.writeString(in(folder, BROKEN), "this is not gzip\n");
        Files.writeString(in(folder, EMPTY), "");
        Files.writeString(in(folder, HOSTILE), MARKUP_WORD + " " + MARKUP_WORD + " " + BIDI + " " + LONG_WORD + "\n");
        Files.writeString(in(folder, WIDE), wide());
        Files.writeString(folder.resolve(HEBREW), "to be\n");
        Files.writeString(folder.resolve(UNNAMEABLE), "to be\n");
        return folder;
    }

    /** The words in the order of their rows. */
    private static String wide() {
        StringBuilder text = new StringBuilder();
        List<String> words = List.of(KANJI, PILE, FULL_WIDTH, LONG_WORD, EMOJI, BIDI);
        for (int i = 0; i < words.size(); i++) {
            text.append((words.get(i) + " ").repeat(words.size() - i));
        }
        return text.append('\n').toString();
    }

    private static Path in(Path folder, String dataset) {
        return folder.resolve(dataset.substring(dataset.indexOf('/') + 1));
    }
}
