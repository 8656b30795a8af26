package tinderbox.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The datasets of the page's tests. */
final class SampleTexts {
    static final String SMALL = "texts/small.txt";

    /** The result of a word count of the small file. */
    static final String SMALL_CSV = "word,count\nbe,2\nto,2\nnot,1\nor,1\n";

    /** Always fails a job at once. */
    static final String BROKEN = "texts/broken.gz";

    static final String EMPTY = "texts/empty.txt";

    /** A name and a word that would be executed if they were used as HTML. */
    static final String MARKUP = "<img src=x onerror=document.title='hacked'>";

    static final String MARKUP_WORD = "<img/src=x/onerror=document.title='hacked'>";

    /** Reverses the following text unless it is isolated. */
    static final String BIDI = "\u202Etxt.live\u2066";

    static final String HOSTILE = "texts/" + MARKUP + BIDI + ".txt";
    static final String LONG_WORD = "w".repeat(10_000);

    /** Words that are wider or higher than their length suggests. */
    static final String WIDE = "texts/wide.txt";

    static final String KANJI = "\u6F22\u5B57".repeat(15);
    static final String FULL_WIDTH = "\uFF57".repeat(30);

    /** A letter with so many combining marks that they extend over several rows. */
    static final String PILE = "z" + "\u0301\u0302\u0303\u0304".repeat(40);

    /** Truncating this by UTF-16 code units would halve the emoji. */
    static final String EMOJI = "x".repeat(19) + "\uD83D\uDE00y";

    /** A name that no job can have as its input. */
    static final String UNNAMEABLE = "a, b.txt";

    /** A right-to-left name with a left-to-right extension. */
    static final String HEBREW = "\u05E9\u05DC\u05D5\u05DD.txt";

    private SampleTexts() {}

    /** Creates the folder. */
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
