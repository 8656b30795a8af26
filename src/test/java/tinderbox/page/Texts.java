package tinderbox.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The inputs that jobs of these tests read, and what is known of their words. */
final class Texts {
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

    private Texts() {}

    /** Makes the folder. */
    static Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(in(folder, SMALL), "to be or not to be\n");
        Files.writeString(in(folder, BROKEN), "this is not gzip\n");
        Files.writeString(in(folder, EMPTY), "");
        Files.writeString(in(folder, HOSTILE), MARKUP_WORD + " " + MARKUP_WORD + " " + BIDI + " " + LONG_WORD + "\n");
        return folder;
    }

    private static Path in(Path folder, String dataset) {
        return folder.resolve(dataset.substring(dataset.indexOf('/') + 1));
    }
}
