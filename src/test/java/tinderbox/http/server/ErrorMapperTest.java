package tinderbox.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.undertow.util.Headers;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseBody;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;

class ErrorMapperTest {
    @Test
    void aMachineOutOfFileDescriptorsIsBusy() {
        FileSystemException noMore = new FileSystemException("/data/active", null, "Too many open files");
        for (Exception thrown : new Exception[] {
            noMore,
            new UncheckedIOException("the data dir could not be written", noMore),
            new JobException(ErrorCode.INVALID_INPUT, "The file cannot be unpacked", "", noMore),
            new JobException(ErrorCode.RESULT_DAMAGED, "The result is damaged", "", noMore)
        }) {
            Response.Complete response = ErrorMapper.response(thrown, "id");

            assertEquals(503, response.status());
            assertEquals("2", response.headers().get(Headers.RETRY_AFTER));
        }
    }

    @Test
    void aQuotedFileNameIsNotMistakenForAShortage() {
        JobException refused =
                new JobException(ErrorCode.DATASET_NOT_FOUND, "There is no dataset lab/Too many open files", "");

        assertEquals(404, ErrorMapper.response(refused, "id").status());
    }

    @Test
    void aResponseIsNotManyTimesAsLongAsTheRequest() {
        List<FieldProblem> problems = new ArrayList<>();
        for (int i = 0; i < 80_000; i++) {
            problems.add(new FieldProblem("k" + i, "is unknown"));
        }
        problems.set(0, new FieldProblem("k".repeat(1 << 20), "is unknown"));
        Response.Complete response = ErrorMapper.response(
                new JobException(
                        ErrorCode.UNKNOWN_FIELD, "The body has fields that this endpoint does not take", problems),
                "id");

        String text = StandardCharsets.UTF_8
                .decode(((ResponseBody.Bytes) response.body()).buffer())
                .toString();
        assertTrue(text.length() < 2_000, text);
        assertTrue(text.contains("\"field\":\"k19\""), text);
        assertFalse(text.contains("\"field\":\"k20\""), text);
        assertTrue(text.contains("{\"field\":\"\",\"message\":\"79980 more problems are not listed\"}"), text);
    }
}
