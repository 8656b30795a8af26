package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.undertow.util.Headers;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

class ProblemsTest {
    private static final FileSystemException NO_MORE =
            new FileSystemException("/data/active", null, "Too many open files");

    @Test
    void aMachineOutOfFileDescriptorsIsBusy() {
        for (Exception thrown : new Exception[] {
            NO_MORE,
            new UncheckedIOException("the data dir could not be written", NO_MORE),
            new JobException(ErrorCode.INVALID_INPUT, "The file cannot be unpacked", "", NO_MORE),
            new JobException(ErrorCode.RESULT_DAMAGED, "The result is damaged", "", NO_MORE)
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
