package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.undertow.util.Headers;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

class ProblemsTest {
    @Test
    void aMachineOutOfFileDescriptorsIsBusy() {
        FileSystemException noMore = new FileSystemException("/data/active", null, "Too many open files");
        for (Exception thrown : new Exception[] {
            noMore,
            new UncheckedIOException("the data dir could not be written", noMore),
            new JobException(ErrorCode.INVALID_INPUT, "The file cannot be unpacked", "", noMore),
            new JobException(ErrorCode.RESULT_DAMAGED, "The result is damaged", "", noMore)
        }) {
            Answer.Ready answer = Problems.answer(thrown, "id");

            assertEquals(503, answer.status());
            assertEquals("2", answer.headers().get(Headers.RETRY_AFTER));
        }
    }

    @Test
    void aCallerCannotHaveItSaySo() {
        JobException refused =
                new JobException(ErrorCode.DATASET_NOT_FOUND, "There is no dataset lab/Too many open files", "");

        assertEquals(404, Problems.answer(refused, "id").status());
    }
}
