package tinderbox.dataset;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Recognizes a file that is not UTF-8 text by its first bytes, ignoring its name. */
public final class FileSignature {
    /** How many bytes to look at. The mark of a tar archive, which is the farthest from the start, ends here. */
    public static final int HEAD = 262;

    /**
     * A file format.
     *
     * @param at the offset of the mark, in bytes
     * @param mark the bytes that identify it, one per character
     */
    private record Format(String name, int at, String mark) {
        static Format hex(String name, String hex) {
            return new Format(name, 0, latin(HexFormat.of().parseHex(hex)));
        }

        static Format text(String name, int at, String mark) {
            return new Format(name, at, mark);
        }

        boolean fits(String head) {
            return head.startsWith(mark, at);
        }
    }

    /** The first match wins, so a longer mark comes before its prefix. */
    private static final List<Format> FORMATS = List.of(
            Format.hex("an xz file", "fd377a585a00"),
            Format.hex("a zip archive, or a document that is one (docx, xlsx, odt, …)", "504b0304"),
            Format.hex("an empty zip archive", "504b0506"),
            Format.hex("a gzip file", "1f8b08"),
            Format.text("a bzip2 file", 0, "BZh"),
            Format.hex("a zstd file", "28b52ffd"),
            Format.hex("an lz4 file", "04224d18"),
            Format.hex("an lzip file", "4c5a495001"),
            Format.hex("an lzop file", "894c5a4f000d0a1a0a"),
            Format.hex("a snappy file", "ff060000734e61507059"),
            Format.hex("a file made by compress", "1f9d"),
            Format.hex("a 7z archive", "377abcaf271c"),
            Format.text("a rar archive", 0, "Rar!\u001a\u0007"),
            Format.text("a tar archive", 257, "ustar"),
            Format.text("a PDF document", 0, "%PDF-"),
            Format.hex("an old Office document (doc, xls, ppt)", "d0cf11e0a1b11ae1"),
            Format.text("an RTF document", 0, "{\\rtf"),
            Format.text("a Parquet file", 0, "PAR1"),
            Format.text("an ORC file", 0, "ORC"),
            Format.text("an Avro file", 0, "Obj\u0001"),
            Format.text("an SQLite database", 0, "SQLite format 3\0"),
            Format.hex("a text in UTF-32", "fffe0000"),
            Format.hex("a text in UTF-32", "0000feff"),
            Format.hex("a text in UTF-16", "fffe"),
            Format.hex("a text in UTF-16", "feff"));

    private FileSignature() {}

    /** The format of a file that begins with {@code head}, such as "a zip archive"; empty if it may be UTF-8 text. */
    public static Optional<String> looksLike(byte[] head) {
        String text = latin(head);
        return FORMATS.stream()
                .filter(format -> format.fits(text))
                .map(Format::name)
                .findFirst()
                .or(() -> Optional.ofNullable(withNul(head)));
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** UTF-8 text has no NUL. In UTF-16 text of Latin letters without a byte order mark, every other byte is NUL. */
    private static String withNul(byte[] head) {
        int[] zeros = new int[2];
        for (int i = 0; i < head.length; i++) {
            zeros[i % 2] += head[i] == 0 ? 1 : 0;
        }
        if (zeros[0] + zeros[1] == 0) {
            return null;
        }
        int most = head.length / 2;
        return most > 1 && Math.max(zeros[0], zeros[1]) >= most / 2 + 1 && Math.min(zeros[0], zeros[1]) == 0
                ? "a text in UTF-16"
                : "binary data";
    }
}
