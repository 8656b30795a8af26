package tinderbox.jobtype.sql;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.FileSignature;
import tinderbox.dataset.UnreadableFileException;

/** Refuses files as CSV or JSON that are no text in UTF-8, and would become columns of gibberish. */
final class NotText {
    /** Only what no text can begin with: {@code ORC} may be the name of a column. */
    private static final List<String> REFUSED =
            List.of("a text in UTF", "a zip archive", "an old Office document", "a gzip file", "a zstd file");

    private NotText() {}

    /**
     * The same content.
     *
     * @throws UnreadableFileException if it begins like something else
     */
    static InputStream refuse(InputStream content, Dataset.File file, SqlOptions options) throws IOException {
        if (!options.charset().equals(StandardCharsets.UTF_8)) {
            return content;
        }
        BufferedInputStream buffered = new BufferedInputStream(content);
        buffered.mark(FileSignature.HEAD);
        byte[] head = buffered.readNBytes(FileSignature.HEAD);
        buffered.reset();
        String other = FileSignature.looksLike(head)
                .filter(name -> REFUSED.stream().anyMatch(name::startsWith))
                .orElse(null);
        if (other != null) {
            throw new UnreadableFileException(
                    file.address(),
                    new IOException("it looks like " + other
                            + (other.startsWith("a text")
                                    ? "; name its encoding, as in read_csv('…', encoding => 'UTF-16')"
                                    : ", not like " + options.format().title())));
        }
        return buffered;
    }
}
