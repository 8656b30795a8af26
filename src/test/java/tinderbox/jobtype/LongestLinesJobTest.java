package tinderbox.jobtype;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** The example of docs/job-types.md. */
class LongestLinesJobTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final ApiClient API = new ApiClient(SERVER);

    @Test
    void tellsTheLongestLineOfEachFile() throws Exception {
        Path folder = Files.createDirectories(SERVER.root().resolve("longest-lines"));
        Files.writeString(folder.resolve("long.txt"), "a\nseven…\nb\n");
        Files.writeString(folder.resolve("empty.txt"), "");

        Map<String, Object> job = API.run("longest-lines", Map.of("input", "test/longest-lines", "unit", "bytes"));

        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        assertEquals(Map.of("longest", 8L), job.get("summary"));
        assertEquals("file,longest\ntest/longest-lines/empty.txt,0\ntest/longest-lines/long.txt,8\n", API.csv((String)
                job.get("job_id")));
    }
}
