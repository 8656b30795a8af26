package tinderbox.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileSignatureTest {
    @ParameterizedTest
    @CsvSource({
        "fd377a585a000004, an xz file",
        "504b030414000600, 'a zip archive, or a document that is one (docx, xlsx, odt, …)'",
        "255044462d312e37, a PDF document",
        "fffe610062000a00, a text in UTF-16",
        "feff006100620a00, a text in UTF-16",
        "6100620063006400, a text in UTF-16",
        "0061006200630064, a text in UTF-16",
        "fffe000061000000, a text in UTF-32",
        "1f8b080000000000, a gzip file",
        "7f454c4602010100, binary data"
    })
    void otherFormatsAreRecognizedByTheirFirstBytes(String hex, String what) {
        assertEquals(Optional.of(what), FileSignature.looksLike(HexFormat.of().parseHex(hex)));
    }

    @Test
    void aTarArchiveIsRecognizedByItsMagic() {
        byte[] tar = Arrays.copyOf("notes.txt".getBytes(StandardCharsets.US_ASCII), 262);
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        assertEquals(Optional.of("a tar archive"), FileSignature.looksLike(tar));
    }

    @ParameterizedTest
    @CsvSource({"''", "PK", "BZ", "Übung macht den Meister", "\uFEFFwith a mark", "ustar is a word"})
    void textIsNotRecognizedAsAnotherFormat(String text) {
        assertEquals(Optional.empty(), FileSignature.looksLike(text.getBytes(StandardCharsets.UTF_8)));
    }
}
