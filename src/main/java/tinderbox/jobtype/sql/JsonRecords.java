package tinderbox.jobtype.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import tinderbox.dataset.UnreadableFileException;
import tinderbox.jobtype.InputReader;

/** The first records of JSON files, in tasks. */
final class JsonRecords {
    private JsonRecords() {}

    /** The lines of a sample; with several lines in a record, the whole file. */
    static Iterator<String> of(FileSample sample, InputReader reader, SqlOptions options) throws IOException {
        try (InputStream content = NotText.refuse(reader.open(sample.file()), sample.file(), options)) {
            SampledInputStream bytes =
                    new SampledInputStream(content, options.isMultiline() ? FileSample.TOTAL : sample.bytes());
            if (options.isMultiline()) {
                String text = new String(bytes.readAllBytes(), options.charset());
                if (bytes.isCut()) {
                    throw unreadable(sample, "it is too large to be read as one JSON value");
                }
                return List.of(text).iterator();
            }
            return lines(sample, bytes, options);
        }
    }

    private static Iterator<String> lines(FileSample sample, SampledInputStream bytes, SqlOptions options)
            throws IOException {
        BufferedReader text = new BufferedReader(new InputStreamReader(bytes, options.charset()));
        List<String> lines = new ArrayList<>();
        String line = text.readLine();
        while (line != null) {
            String next = bytes.isEnough() ? null : text.readLine();
            // Otherwise it may be incomplete.
            if (next != null || !bytes.isCut()) {
                lines.add(line);
            }
            line = next;
        }
        if (lines.isEmpty() && bytes.isCut()) {
            throw unreadable(sample, "its first line is too long; are its values in several lines?");
        }
        return lines.iterator();
    }

    private static IOException unreadable(FileSample sample, String reason) {
        return new UnreadableFileException(sample.file().address(), new IOException(reason));
    }
}
