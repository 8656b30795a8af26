package tinderbox.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.common.LongRead;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.support.TestDatasets;

class DatasetsTest {
    @TempDir
    Path base;

    private Path root;
    private Datasets datasets;

    @BeforeEach
    void files() throws Exception {
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
        Files.createSymbolicLink(root.resolve("out-missing.txt"), base.resolve("nosecret.txt"));
        Files.createSymbolicLink(root.resolve("outdir"), base.resolve("lab-next-door"));
        Files.createSymbolicLink(root.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("twice.txt"), root.resolve("out.txt"));
        Files.createSymbolicLink(root.resolve("tohidden.txt"), root.resolve(".hidden.txt"));
        Files.createSymbolicLink(root.resolve("tocomma.txt"), root.resolve("x,y.txt"));
        Files.createDirectories(root.resolve(".folder"));
        Files.writeString(root.resolve(".folder/c.txt"), "x");
        Files.createSymbolicLink(root.resolve("intohidden"), root.resolve(".folder"));
        Files.createSymbolicLink(root.resolve("dangling.txt"), root.resolve("nothing"));
        Files.createSymbolicLink(root.resolve("itself.txt"), root.resolve("itself.txt"));
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", root.resolve("pipe").toString())
                        .start()
                        .waitFor());
        Files.createSymbolicLink(root.resolve("within.txt"), root.resolve("b.txt"));
        datasets = TestDatasets.of(Map.of("lab", root), new InputLimits(1 << 20, 200));
    }

    /** Malformed paths. */
    private static final List<String> NO_NAMES = List.of(
            "",
            "/",
            "//",
            "lab//b.txt",
            "lab//",
            "/lab/b.txt",
            "/etc/passwd",
            "//host/share",
            ".",
            "..",
            "lab/..",
            "lab/./b.txt",
            "lab/../secret.txt",
            "lab/../nosecret.txt",
            "lab/sub/../../secret.txt",
            "lab/sub/../b.txt",
            "lab/_hidden.txt",
            "lab/_missing.txt",
            "lab/.hidden.txt",
            "lab/.missing.txt",
            "_lab/b.txt",
            "lab/*.txt",
            "lab/b.tx?",
            "lab/{b,c}.txt",
            "lab/[b].txt",
            "lab/b.txt,lab/sub/c.txt",
            "lab/x,y.txt",
            "lab\\b.txt",
            "lab/..\\secret.txt",
            "file:///etc/passwd",
            "file:lab/b.txt",
            "http://127.0.0.1/",
            "hdfs://host/x",
            "jar:file:/x.jar!/b.txt",
            "C:/b.txt",
            "lab/b.txt\u0000",
            "lab\u0000/../secret.txt",
            "lab/b.txt\n",
            "lab/b.txt\u007F");

    private static final List<String> LEAD_NOWHERE = List.of(
            "nowhere",
            "nowhere/b.txt",
            "Lab/b.txt",
            "lab-next-door/b.txt",
            "lab/missing.txt",
            "lab/b.txt/x",
            "lab/%2e%2e/secret.txt",
            "lab/~/b.txt",
            "lab/ b.txt",
            "lab/\uD800.txt",
            "lab/" + "x".repeat(300),
            "lab/" + "x/".repeat(2000),
            "lab/out.txt",
            "lab/out-missing.txt",
            "lab/outdir",
            "lab/outdir/b.txt",
            "lab/outdir/missing.txt",
            "lab/up/secret.txt",
            "lab/up/nosecret.txt",
            "lab/twice.txt",
            "lab/tohidden.txt",
            "lab/tocomma.txt",
            "lab/intohidden/c.txt",
            "lab/dangling.txt",
            "lab/itself.txt",
            "lab/pipe");

    static Stream<Arguments> probes() {
        return Stream.concat(
                NO_NAMES.stream().map(probe -> Arguments.of(probe, DatasetPath.SHAPE)),
                LEAD_NOWHERE.stream()
                        .map(probe -> Arguments.of(
                                probe, "does not exist or cannot be read; GET /api/v1/datasets lists what there is")));
    }

    /** The message reveals neither whether the target exists nor anything about this machine. */
    @ParameterizedTest
    @MethodSource("probes")
    void escapesAreRefusedWhetherOrNotTheTargetExists(String path, String problem) {
        assertEquals(problem, datasets.check(path, LongRead.current()).problem());
        assertRefused(
                ErrorCode.INPUT_NOT_FOUND,
                "The input " + path + " does not exist or cannot be read",
                () -> datasets.open(path));
        assertRefused(
                ErrorCode.DATASET_NOT_FOUND,
                "There is no dataset " + path + ", or it cannot be read",
                () -> datasets.preview(path));
        assertRefused(
                ErrorCode.DATASET_NOT_FOUND,
                "There is no dataset " + path + ", or it cannot be read",
                () -> datasets.content(path));
        if (!path.isEmpty()) {
            assertRefused(
                    ErrorCode.DATASET_NOT_FOUND,
                    "There is no dataset " + path + ", or it cannot be read",
                    () -> datasets.list(path, 0, 1000));
        }
    }

    private static void assertRefused(ErrorCode code, String message, Executable call) {
        JobException refused = assertThrows(JobException.class, call);
        assertEquals(code, refused.code());
        assertEquals(message, refused.getMessage());
    }

    @Test
    void datasetsLargerThanAJobMayReadCanStillBePreviewed() throws Exception {
        Files.write(root.resolve("sub/large.txt"), new byte[1 << 20]);
        assertNull(datasets.check("lab/sub/large.txt", LongRead.current()).problem());
        assertEquals(
                "has 1048577 bytes, and a job may read 1048576",
                datasets.check("lab/sub", LongRead.current()).problem());
        assertRefused(
                ErrorCode.LIMIT_EXCEEDED,
                "The input lab/sub has 1048577 bytes, and a job may read 1048576",
                () -> datasets.open("lab/sub"));
        assertEquals(3, datasets.list("lab/sub", 0, 1000).entries().size());
    }

    @Test
    void aFolderWithoutFilesCannotBeAnInput() {
        assertEquals(
                "is a folder without a file that can be read",
                datasets.check("lab/sub/empty", LongRead.current()).problem());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lab",
                "lab/",
                "lab/b.txt",
                "lab/b.txt/",
                "lab/a file é.txt",
                "lab/sub",
                "lab/sub/c.txt",
                "lab/within.txt",
                "lab/up/lab/b.txt"
            })
    void validInputsAreAccepted(String path) {
        assertNull(datasets.check(path, LongRead.current()).problem());
    }

    @Test
    void aFolderStandsForItsDirectFilesAndReportsWhatItSkips() {
        Dataset folder = datasets.open("lab");
        assertEquals(
                List.of("lab/a file é.txt", "lab/b.txt", "lab/within.txt", "lab/x,y.txt"),
                folder.files().stream().map(Dataset.File::path).toList());
        for (String name : List.of("_hidden.txt", ".hidden.txt", "sub", "out.txt", "tocomma.txt", "pipe")) {
            assertTrue(
                    folder.warnings().stream().anyMatch(warning -> warning.startsWith("Passed over: " + name + " (")),
                    folder.warnings()::toString);
        }
        assertEquals(3 + 19 + 19 + 1, folder.bytes());
    }

    @Test
    void aListingHasFoldersFirstAndNothingUnreadable() {
        assertEquals(
                List.of("lab/sub", "lab/a file é.txt", "lab/b.txt", "lab/within.txt", "lab/x,y.txt"),
                datasets.list("lab/", 0, 1000).entries().stream()
                        .map(DatasetEntry::path)
                        .toList());
        assertEquals(
                List.of("lab"),
                datasets.list("", 0, 1000).entries().stream()
                        .map(DatasetEntry::path)
                        .toList());
        JobException file = assertThrows(JobException.class, () -> datasets.list("lab/b.txt", 0, 1000));
        assertEquals(ErrorCode.DATASET_NOT_FOUND, file.code());
        assertEquals("lab/b.txt is a file, not a folder", file.getMessage());
    }

    private List<String> found(String path, String search, DatasetListing.Sort sort, boolean descending) {
        return datasets.list(path, new DatasetListing(search, sort, descending), 0, 1000).entries().stream()
                .map(DatasetEntry::path)
                .toList();
    }

    @Test
    void aSearchFindsNamesInAllFoldersAndStaysInItsRoot() throws Exception {
        Files.createDirectories(root.resolve("sub/B side"));
        Files.writeString(root.resolve("sub/B side/cafe\u0301 B.TXT"), "longer");
        Files.createSymbolicLink(root.resolve("sub/circle"), root);
        List<String> all = List.of("lab/sub/B side", "lab/b.txt", "lab/sub/B side/cafe\u0301 B.TXT");

        assertEquals(
                all,
                found("", "b", DatasetListing.Sort.NAME, false).stream()
                        .filter(path -> !path.equals("lab") && !path.equals("lab/sub"))
                        .toList());
        assertEquals(List.of(all.get(2)), found("lab", "CAFÉ", DatasetListing.Sort.NAME, false));
        assertEquals(List.of(), found("lab", "secret", DatasetListing.Sort.NAME, false));
        assertEquals(List.of(), found("lab", "hidden", DatasetListing.Sort.NAME, false));
        assertEquals(List.of("lab/sub/circle"), found("lab", "circle", DatasetListing.Sort.NAME, false));
        assertEquals(
                List.of("lab/b.txt", "lab/sub/B side/cafe\u0301 B.TXT", "lab/within.txt"),
                found("lab", ".txt", DatasetListing.Sort.NAME, false).stream()
                        .filter(path -> !path.contains("x,y") && !path.contains("c.txt") && !path.contains(" file"))
                        .sorted()
                        .toList());
    }

    @Test
    void entriesAreSortedByNameSizeAndTime() throws Exception {
        Path folder = Files.createDirectories(root.resolve("sorted/a folder")).getParent();
        String[] names = {"b", "a", "c"};
        for (int i = 0; i < names.length; i++) {
            Path file = Files.writeString(folder.resolve(names[i]), "x".repeat(i + 1));
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000L * (3 - i)));
        }
        Function<DatasetListing.Sort, List<String>> sorted = sort -> found("lab/sorted", null, sort, false).stream()
                .map(path -> path.substring(11))
                .toList();
        assertEquals(List.of("a folder", "a", "b", "c"), sorted.apply(DatasetListing.Sort.NAME));
        assertEquals(List.of("a folder", "b", "a", "c"), sorted.apply(DatasetListing.Sort.SIZE));
        assertEquals(List.of("a folder", "c", "a", "b"), sorted.apply(DatasetListing.Sort.MODIFIED));
        assertEquals(
                List.of("lab/sorted/a folder", "lab/sorted/c", "lab/sorted/a", "lab/sorted/b"),
                found("lab/sorted", null, DatasetListing.Sort.SIZE, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a,b.txt",
                "a:b.txt",
                "a*b.txt",
                "a?b.txt",
                "a[b].txt",
                "a{b}.txt",
                "a\\b.txt",
                "a\nb.txt",
                "a\u007Fb.txt",
                "a\u202Eb.txt",
                "a\u2028b.txt"
            })
    void aFileWithAnyNameIsReadWithItsFolder(String name) throws Exception {
        Path folder = Files.createDirectory(root.resolve("odd"));
        Files.writeString(folder.resolve(name), "words");
        Dataset input = datasets.open("lab/odd");
        assertEquals(5, input.bytes());
        assertEquals(List.of(), input.warnings());
        String path = input.files().get(0).path();
        assertTrue(path.chars().noneMatch(c -> c < ' ' || c == 0x7F || c == 0x202E || c == 0x2028), path);
        DatasetEntry entry = datasets.list("lab/odd", 0, 1000).entries().get(0);
        assertEquals(name, entry.name());
        boolean nameable = datasets.check("lab/odd/" + name, LongRead.current()).problem() == null;
        assertEquals(nameable, entry.problem() == null, entry.problem());
        assertEquals(nameable, name.indexOf('\u202E') >= 0 || name.indexOf('\u2028') >= 0);
    }

    @Test
    void aFolderThatCannotBeNamedIsListedWithTheReason() throws Exception {
        Files.createDirectories(root.resolve("odd/a,b"));
        DatasetEntry entry = datasets.list("lab/odd", 0, 1000).entries().get(0);
        assertEquals(DatasetPath.UNNAMEABLE_FOLDER, entry.problem());
        assertEquals(
                ErrorCode.DATASET_NOT_FOUND,
                assertThrows(JobException.class, () -> datasets.list(entry.path(), 0, 1000))
                        .code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.lz4", "a.snappy", "a.deflate", "a.passthrough", "a.txt.LZ4", "A.Snappy"})
    void otherCompressionsAreRefusedAndSkipped(String name) throws Exception {
        Path folder = Files.createDirectory(root.resolve("compressed"));
        Files.write(folder.resolve(name), new byte[] {127, -1, -1, -1, 127, -1, -1, -1});
        assertEquals(
                Compression.REFUSAL,
                datasets.check("lab/compressed/" + name, LongRead.current()).problem());
        JobException named = assertThrows(JobException.class, () -> datasets.open("lab/compressed/" + name));
        assertEquals(ErrorCode.INVALID_INPUT, named.code());
        JobException preview = assertThrows(JobException.class, () -> datasets.preview("lab/compressed/" + name));
        assertEquals(ErrorCode.UNSUPPORTED_MEDIA_TYPE, preview.code());
        assertEquals(
                "is a folder without a file that can be read",
                datasets.check("lab/compressed", LongRead.current()).problem());
        Files.writeString(folder.resolve("b.txt"), "b");
        Dataset both = datasets.open("lab/compressed");
        assertEquals(1, both.files().size());
        assertEquals(List.of("Passed over: " + name + " (it " + Compression.REFUSAL + ")"), both.warnings());
        assertEquals(
                Compression.REFUSAL,
                datasets.list("lab/compressed", 0, 1000).entries().get(0).problem());
    }

    @Test
    void aPreviewIsCutInLinesAndColumns() throws Exception {
        Files.writeString(root.resolve("long.txt"), ("x".repeat(10_000) + "\r\n").repeat(30));
        DatasetPreview preview = datasets.preview("lab/long.txt");
        assertEquals(20, preview.lines().size());
        assertEquals("x".repeat(500), preview.lines().get(19));
        assertTrue(preview.more());
        assertEquals(
                new DatasetPreview("lab/b.txt", List.of("two words", "line two"), false, false),
                datasets.preview("lab/b.txt"));
    }

    @Test
    void aCutPreviewDoesNotSplitACharacter() throws Exception {
        Files.writeString(root.resolve("emoji.txt"), "x".repeat(499) + "\uD83D\uDE00\uD83D\uDE00\n");
        assertEquals(
                List.of("x".repeat(499) + "\uD83D\uDE00"),
                datasets.preview("lab/emoji.txt").lines());
    }

    @Test
    void aCompressedFileIsPreviewedDecompressedAndADamagedOneReported() throws Exception {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(root.resolve("p.gz")))) {
            out.write("compressed text\n".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(List.of("compressed text"), datasets.preview("lab/p.gz").lines());
        Files.writeString(root.resolve("d.gz"), "not gzip at all");
        JobException damaged = assertThrows(JobException.class, () -> datasets.preview("lab/d.gz"));
        assertEquals(ErrorCode.INVALID_INPUT, damaged.code());
        Files.writeString(root.resolve("d.zst"), "no codec for this here");
        JobException unknown = assertThrows(JobException.class, () -> datasets.preview("lab/d.zst"));
        assertEquals(ErrorCode.INVALID_INPUT, unknown.code());
    }
}
