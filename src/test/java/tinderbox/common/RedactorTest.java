package tinderbox.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tinderbox.job.log.JobLog;
import tinderbox.job.log.LogLine;
import tinderbox.job.log.Warnings;

class RedactorTest {
    @TempDir
    Path base;

    private static final Redactor REDACTOR = new Redactor(
            Map.of(
                    Path.of("/srv/data"), "(data)",
                    Path.of("/srv/data/datasets"), "uploads",
                    Path.of("/mnt/my lab"), "lab",
                    Path.of("/mnt/dép t"), "lab2"),
            Set.of("srv", "home", "etc", "mnt"),
            Set.of("192.0.2.2", "fe80:0:0:0:1:2:3:4", "box-7", "data"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "file:///srv/data/datasets/bad.gz | uploads/bad.gz",
                "file:/srv/data/datasets/bad.gz: damaged | uploads/bad.gz: damaged",
                "(/srv/data/datasets/bad.gz) | (uploads/bad.gz)",
                "/srv/data/db/x and /srv/data | (data)/db/x and (data)",
                "/srv/database/x.txt | x.txt",
                "/mnt/my lab/a b.txt is gone | lab/a b.txt is gone",
                "file:///mnt/my%20lab/a%20b.txt | lab/a%20b.txt",
                "reading /home/anna/notes.txt failed | reading notes.txt failed",
                "jar:file:/home/anna/t.jar!/x | jar:t.jar!/x",
                "path=/etc/passwd | path=passwd",
                "'/etc/passwd' | 'passwd'",
                "GET /api/v1/jobs and/or text/plain | GET /api/v1/jobs and/or text/plain",
                "https://example.org/home/page | https://example.org/home/page",
                "samples/home/x | samples/home/x",
                "lost task (192.0.2.2 executor driver) | lost task (localhost executor driver)",
                "192.0.2.22 and 1192.0.2.2 | 192.0.2.22 and 1192.0.2.2",
                "it is 192.0.2.2. | it is localhost.",
                "box-7:4040 box-77 box-7.example.org | localhost:4040 box-77 box-7.example.org",
                "the data of data:4040 and data/192.0.2.2 | the data of localhost:4040 and localhost/localhost",
                "[fe80:0:0:0:1:2:3:4]:80 | [localhost]:80",
                "[fe80::1:2:3:4]:80 and fe80:0:0:0:1:2:3:4%eth0:80 | [localhost]:80 and localhost:80",
                "the data (data executor driver) | the data (localhost executor driver)",
                "file://localhost/srv/data/datasets/bad.gz | uploads/bad.gz",
                "file:///mnt/d%C3%A9p%20t/x file:/mnt/dép%20t/x | lab2/x lab2/x",
                "tb:///srv/data/x.txt or tb:/home/anna/x/y.txt | tb:///srv/data/x.txt or tb:/home/anna/x/y.txt",
                "/ // /// a/ | / // /// a/"
            })
    void hidesOnlyWhatIdentifiesTheMachine(String text, String shown) {
        assertEquals(shown, REDACTOR.apply(text));
    }

    @Test
    void aRootBehindALinkIsHiddenUnderBothPaths() throws Exception {
        Path real = Files.createDirectory(base.resolve("real")).toRealPath();
        Path link = Files.createSymbolicLink(base.resolve("link"), real);
        Redactor redactor = new Redactor(Map.of(link, "lab"), Set.of(), Set.of());
        assertEquals("lab/a lab/a", redactor.apply(link + "/a " + real + "/a"));
    }

    @Test
    void nothingOfThisMachineReachesALogOrItsWarnings() throws Exception {
        Map<Path, String> names = new LinkedHashMap<>();
        names.put(base, "lab");
        try (JobLog log = new JobLog(base, Clock.systemUTC(), JobLog.MIN_BYTES, Redactor.ofThisMachine(names))) {
            Warnings warnings = new Warnings(log);
            warnings.add(base + "/a.txt looks odd");
            log.write(LogLine.Level.ERROR, "failed", new java.io.IOException(base.toUri() + "b.gz (no such file)"));
            log.info(System.getProperty("java.home") + "/lib " + System.getProperty("user.home") + "/.profile");
            assertEquals(List.of("lab/a.txt looks odd"), warnings.toList());
        }
        String text = Files.readString(base.resolve("log.txt"));
        assertTrue(text.contains("lab/b.gz (no such file)"), text);
        for (String hidden : List.of(base.toString(), "file:", System.getProperty("java.home"))) {
            assertFalse(text.contains(hidden), text);
        }
    }

    @Test
    void theFirstWarningsAreListedAndTheRestCounted() throws Exception {
        try (JobLog log = new JobLog(base, Clock.systemUTC(), JobLog.MIN_BYTES)) {
            Warnings warnings = new Warnings(log);
            for (int i = 0; i < 50; i++) {
                warnings.add("warning " + i);
                warnings.add("warning 0");
            }
            List<String> kept = warnings.toList();
            assertEquals(Warnings.MAX_WARNINGS + 1, kept.size());
            assertEquals("warning 19", kept.get(19));
            assertEquals("… and 30 more; the job's log has them all.", kept.get(20));
        }
    }

    @Test
    void aLongWarningIsTruncatedBetweenTwoCharacters() throws Exception {
        try (JobLog log = new JobLog(base, Clock.systemUTC(), JobLog.MIN_BYTES)) {
            Warnings warnings = new Warnings(log);
            warnings.add("a".repeat(498) + "\ud83d\ude00".repeat(9));
            assertEquals(List.of("a".repeat(498) + "…"), warnings.toList());
        }
    }
}
