package tinderbox.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

class DatasetsTest {
    @TempDir
    Path base;

    private Path root;
    private Datasets datasets;

    @BeforeEach
    void files() throws IOException {
        root = Files.createDirectories(base.resolve("lab"));
        Files.writeString(base.resolve("secret.txt"), "outside");
        Files.createDirectories(base.resolve("lab-next-door"));
        Files.writeString(base.resolve("lab-next-door/b.txt"), "outside");
        Files.writeString(root.resolve("b.txt"), "two words\nline two\n");
        Files.writeString(root.resolve("a file é.txt"), "abc");
        Files.writeString(root.resolve("_hidden.txt"), "x");
        Files.writeString(root.resolve(".hidden.txt"), "x");
        Files.writeString(root.resolve("x,y.txt"), "x");
        Files.createDirectories(root.resolve("sub/empty"));
        Files.writeString(root.resolve("sub/c.txt"), "c");
        Files.createSymbolicLink(root.resolve("out.txt"), base.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("outdir"), base.resolve("lab-next-door"));
        Files.createSymbolicLink(root.resolve("tohidden.txt"), root.resolve(".hidden.txt"));
        Files.createSymbolicLink(root.resolve("dangling.txt"), root.resolve("nothing"));
        Files.createSymbolicLink(root.resolve("within.txt"), root.resolve("b.txt"));
        datasets = new Datasets(Map.of("lab", root));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "lab//b.txt",
                "/lab/b.txt",
                "lab/../secret.txt",
                "lab/sub/../../secret.txt",
                "..",
                "lab/./b.txt",
                "nowhere/b.txt",
                "lab/missing.txt",
                "lab/out.txt",
                "lab/outdir",
                "lab/outdir/b.txt",
                "lab/tohidden.txt",
                "lab/dangling.txt",
                "lab/_hidden.txt",
                "lab/.hidden.txt",
                "lab/*.txt",
                "lab/b.tx?",
                "lab/{b,c}.txt",
                "lab/[b].txt",
                "lab/b.txt,lab/sub/c.txt",
                "lab/x,y.txt",
                "lab\\b.txt",
                "file:///etc/passwd",
                "/etc/passwd",
                "hdfs://host/x",
                "lab/b.txt\u0000",
                "lab/b.txt\n",
                "lab/%2e%2e/secret.txt",
                "lab-next-door/b.txt",
                "lab/sub/empty",
                "lab/b.txt/x"
            })
    void whatIsNoInputIsRefused(String path) {
        assertNotNull(datasets.problemWith(path));
        assertTrue(!datasets.problemWith(path).contains(base.toString()), "no path of this machine is told");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"lab", "lab/", "lab/b.txt", "lab/a file é.txt", "lab/sub", "lab/sub/c.txt", "lab/within.txt"})
    void whatIsAnInputIsTaken(String path) {
        assertNull(datasets.problemWith(path));
    }

    @Test
    void theAnswerDoesNotTellWhetherTheForbiddenThingExists() {
        assertEquals(datasets.problemWith("lab/out.txt"), datasets.problemWith("lab/missing.txt"));
        assertEquals(datasets.problemWith("lab/../secret.txt"), datasets.problemWith("lab/../nosecret.txt"));
    }

    @Test
    void aFolderMeansItsDirectFilesAndTellsWhatItPassesOver() {
        Dataset folder = datasets.open("lab");
        assertEquals(
                List.of("lab/a file é.txt", "lab/b.txt", "lab/within.txt"),
                folder.files().stream().map(Dataset.File::path).toList());
        assertTrue(folder.passedOver().containsAll(List.of("_hidden.txt", ".hidden.txt", "sub", "out.txt", "x,y.txt")));
        assertEquals(3 + 19 + 19, folder.bytes());
    }

    @Test
    void aListingShowsFoldersFirstAndNothingThatCannotBeRead() {
        assertEquals(
                List.of("lab/sub", "lab/a file é.txt", "lab/b.txt", "lab/within.txt"),
                datasets.list("lab/").entries().stream().map(DatasetEntry::path).toList());
        assertEquals(
                List.of("lab"),
                datasets.list("").entries().stream().map(DatasetEntry::path).toList());
        JobException file = assertThrows(JobException.class, () -> datasets.list("lab/b.txt"));
        assertEquals(ErrorCode.DATASET_NOT_FOUND, file.code());
        assertEquals("lab/b.txt is a file, not a folder", file.getMessage());
    }

    @Test
    void aPreviewIsCutInBothDirections() throws Exception {
        Files.writeString(root.resolve("long.txt"), ("x".repeat(10_000) + "\r\n").repeat(30));
        DatasetPreview preview = datasets.preview("lab/long.txt");
        assertEquals(20, preview.lines().size());
        assertEquals("x".repeat(500), preview.lines().get(19));
        assertTrue(preview.more());
        assertEquals(
                new DatasetPreview("lab/b.txt", List.of("two words", "line two"), false),
                datasets.preview("lab/b.txt"));
    }

    @Test
    void aPackedFileIsPreviewedUnpackedAndADamagedOneIsToldOf() throws Exception {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(root.resolve("p.gz")))) {
            out.write("packed text\n".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(List.of("packed text"), datasets.preview("lab/p.gz").lines());
        Files.writeString(root.resolve("d.gz"), "not gzip at all");
        JobException damaged = assertThrows(JobException.class, () -> datasets.preview("lab/d.gz"));
        assertEquals(ErrorCode.INVALID_INPUT, damaged.code());
        Files.writeString(root.resolve("d.zst"), "no codec for this here");
        JobException unknown = assertThrows(JobException.class, () -> datasets.preview("lab/d.zst"));
        assertEquals(ErrorCode.INVALID_INPUT, unknown.code());
    }
}
