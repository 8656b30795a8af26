package tinderbox.jobtype;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.InputLimits;
import tinderbox.dataset.RootUnreachableException;
import tinderbox.dataset.UnreadableFileException;
import tinderbox.dataset.UnreadableOnWorkerException;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.support.TestDatasets;

class InputFailuresTest {
    @TempDir
    Path base;

    /** Wraps an exception of a task as Spark does, and explains it. */
    private JobException explain(Dataset input, Exception cause) {
        Dataset.File file = input.files().get(0);
        Exception thrown = new SparkException(
                "Job aborted", new UnreadableFileException(file.location().toString(), cause));
        return assertInstanceOf(JobException.class, InputFailures.explain(thrown, List.of(input)));
    }

    @Test
    void aMissingFileOfTheServerIsNotBlamedOnTheInput() throws IOException {
        Path file = Files.writeString(base.resolve("a.txt"), "x");
        Dataset input = TestDatasets.of(Map.of("lab", base), new InputLimits(1 << 30, 200))
                .open("lab/a.txt");
        Exception own = new SparkException(
                "Job aborted",
                new NoSuchFileException(base.resolve("spark/blockmgr-1/0a").toString()));
        assertSame(own, InputFailures.explain(own, List.of(input)));
        Exception gone = new SparkException("Job aborted", new NoSuchFileException(file.toString()));
        assertEquals(
                ErrorCode.INPUT_NOT_FOUND,
                assertInstanceOf(JobException.class, InputFailures.explain(gone, List.of(input)))
                        .code());
    }

    @Test
    void aReplacedFileIsReportedAsNotFound() throws IOException {
        Path file = Files.writeString(base.resolve("a.txt"), "x");
        Dataset input = TestDatasets.of(Map.of("lab", base), new InputLimits(1 << 30, 200))
                .open("lab/a.txt");
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/etc/passwd"));
        Dataset.File found = input.files().get(0);
        JobException failure = explain(input, assertThrows(IOException.class, found::open));
        assertEquals(ErrorCode.INPUT_NOT_FOUND, failure.code());
        assertEquals(
                "The file lab/a.txt is no longer the one that was there when the job was accepted: a link, or"
                        + " something else that is not a file, has replaced it",
                failure.getMessage());
    }

    @Test
    void aFileThatOnlyAWorkerCannotReadIsNotSaidToBeGone() throws IOException {
        Path file = Files.writeString(base.resolve("a.txt"), "x");
        Dataset input = TestDatasets.of(Map.of("lab", base), new InputLimits(1 << 30, 200))
                .open("lab/a.txt");
        Exception cause = new UnreadableOnWorkerException(
                "tb:///lab/a.txt", "node1", "is it mounted there?", new NoSuchFileException(file.toString()));
        JobException failure = explain(input, cause);
        assertEquals(ErrorCode.UNREADABLE_ON_WORKER, failure.code());
        assertEquals("The worker on node1 cannot read lab/a.txt", failure.getMessage());
        Files.delete(file);
        assertEquals(ErrorCode.INPUT_NOT_FOUND, explain(input, cause).code());
    }

    @Test
    void aRootThatTheServerCannotReachEitherIsNotSaidToBeGone() throws IOException {
        Files.writeString(base.resolve("a.txt"), "x");
        Dataset input = TestDatasets.of(Map.of("lab", base), new InputLimits(1 << 30, 200))
                .open("lab/a.txt");
        Dataset.File file = input.files().get(0);
        Dataset.Opener dead = any -> {
            throw new RootUnreachableException("its host refuses the connection", null);
        };
        Dataset far = new Dataset(
                input.path(),
                List.of(new Dataset.File(
                        file.path(), file.root(), file.location(), 1, file.modifiedAt(), file.key(), dead)),
                List.of());
        JobException failure = explain(
                far, new UnreadableOnWorkerException("tb:///lab/a.txt", "node1", "can it?", new EOFException()));
        assertEquals(ErrorCode.STORAGE_UNAVAILABLE, failure.code());
        assertEquals("The file lab/a.txt cannot be read: its host refuses the connection", failure.getMessage());
    }

    @Test
    void aFileThatHasBecomeShorterForAllIsNotBlamedOnAWorker() throws IOException {
        Path file = Files.writeString(base.resolve("a.txt"), "to be");
        Dataset input = TestDatasets.of(Map.of("lab", base), new InputLimits(1 << 30, 200))
                .open("lab/a.txt");
        Exception cause = new UnreadableOnWorkerException("tb:///lab/a.txt", "node1", "it is smaller there", null);
        assertEquals(ErrorCode.UNREADABLE_ON_WORKER, explain(input, cause).code());
        Files.writeString(file, "to");
        assertEquals(
                "The file lab/a.txt was replaced while the job read it",
                explain(input, cause).getMessage());
    }

    @Test
    void theFileIsFoundInTheInputThatHasIt() throws IOException {
        for (String name : List.of("a.txt", "b.txt", "b.txt.more")) {
            Files.writeString(base.resolve(name), "x");
        }
        Datasets datasets = TestDatasets.of(Map.of("lab", base), new InputLimits(1 << 30, 200));
        Dataset second = datasets.open("lab/b.txt.more");
        Exception thrown = new SparkException(
                "Job aborted",
                new UnreadableFileException(second.files().get(0).address(), new IOException("damaged")));
        JobException failure = assertInstanceOf(
                JobException.class,
                InputFailures.explain(thrown, List.of(datasets.open("lab/a.txt"), datasets.open("lab/b.txt"), second)));
        assertEquals("The file lab/b.txt.more cannot be read: damaged", failure.getMessage());
    }

    @Test
    void aFileIsFoundByItsEncodedAddressAndNoOtherIsBlamed() throws IOException {
        Files.createDirectory(base.resolve("folder"));
        Files.writeString(base.resolve("a.txt"), "x");
        Files.writeString(base.resolve("folder/b c.txt"), "x");
        Datasets datasets = TestDatasets.of(Map.of("lab", base), new InputLimits(1 << 30, 200));
        List<Dataset> inputs = List.of(datasets.open("lab/a.txt"), datasets.open("lab/folder"));
        String address = inputs.get(1).files().get(0).address();
        assertEquals("The file lab/folder/b c.txt cannot be read: damaged", message(address, inputs));
        String ofHadoop = address.replace("///", "/");
        assertEquals("The file lab/folder/b c.txt cannot be read: damaged", message(ofHadoop, inputs));
        assertEquals("The file of one of the inputs cannot be read: damaged", message("tb:///lab/other.txt", inputs));
    }

    private static String message(String address, List<Dataset> inputs) {
        Exception thrown = new UnreadableFileException(address, new IOException("damaged"));
        return InputFailures.explain(thrown, inputs).getMessage();
    }

    @Test
    void aRefusalIsNotBlamedOnTheInput() throws IOException {
        Files.writeString(base.resolve("a.txt"), "x");
        Dataset input = TestDatasets.of(Map.of("lab", base), new InputLimits(1 << 30, 200))
                .open("lab/a.txt");
        Exception refusal = new UnreadableFileException(
                input.files().get(0).address(), new JobException(ErrorCode.JOB_ERROR, "not this file", ""));
        assertSame(refusal, InputFailures.explain(refusal, List.of(input)));
    }
}
