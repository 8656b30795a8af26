package tinderbox.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tinderbox.common.TrustedClock;
import tinderbox.executor.StdoutCapture;
import tinderbox.job.JobId;
import tinderbox.job.log.JobLog;
import tinderbox.job.log.LogLine;
import tinderbox.job.log.LogReader;
import tinderbox.support.ApiClient;
import tinderbox.support.BlockingJob;
import tinderbox.support.TestServer;

/** What a job logs and prints is in its own log only. */
class OutputCaptureTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final ApiClient API = new ApiClient(SERVER);

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ServerLog serverLog = new ServerLog();
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;

    @TempDir
    Path folder;

    /** Records what goes to the server's log. */
    private static final class ServerLog extends AbstractAppender {
        private final Queue<String> messages = new ConcurrentLinkedQueue<>();

        private ServerLog() {
            super("test", null, null, false, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            messages.add(event.getMessage().getFormattedMessage());
        }

        private Iterable<LoggerConfig> loggers() {
            LoggerContext context = (LoggerContext) LogManager.getContext(false);
            return context.getConfiguration().getLoggers().values();
        }
    }

    @BeforeEach
    void listen() {
        PrintStream listening = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(new StdoutCapture(listening, LogLine.Level.INFO, JobLogRouter::current));
        System.setErr(new StdoutCapture(listening, LogLine.Level.WARN, JobLogRouter::current));
        serverLog.start();
        for (LoggerConfig logger : serverLog.loggers()) {
            if (!logger.getAppenders().isEmpty()) {
                logger.addAppender(serverLog, null, null);
            }
        }
    }

    @AfterEach
    void stopListening() {
        System.setOut(out);
        System.setErr(err);
        for (LoggerConfig logger : serverLog.loggers()) {
            logger.removeAppender("test");
        }
    }

    /** The lines of a job's log as level and text. */
    @SuppressWarnings("unchecked")
    private static List<String> log(String id) {
        List<Map<String, Object>> lines = (List<Map<String, Object>>)
                API.get("/api/v1/jobs/" + id + "/log").get("lines");
        return lines.stream()
                .map(line -> line.get("level") + " " + line.get("text"))
                .toList();
    }

    private static long count(List<String> log, String line) {
        return log.stream().filter(line::equals).count();
    }

    @Test
    void twoJobsAtTheSameTimeWriteToTheirOwnLogs() throws Exception {
        String one = API.submit("printing", Map.of("word", "marmalade"));
        String two = API.submit("printing", Map.of("word", "gooseberry"));
        BlockingJob.gate("marmalade").awaitReached();
        BlockingJob.gate("gooseberry").awaitReached();
        System.out.println("the server prints");
        LoggerFactory.getLogger("tinderbox.Server").info("the server logs");
        BlockingJob.gate("marmalade").open();
        BlockingJob.gate("gooseberry").open();
        assertEquals("SUCCEEDED", API.awaitEnd(one).get("status"));
        assertEquals("SUCCEEDED", API.awaitEnd(two).get("status"));

        assertLogged(log(one), "marmalade", "gooseberry");
        assertLogged(log(two), "gooseberry", "marmalade");
        String toServer = printed.toString(StandardCharsets.UTF_8) + serverLog.messages;
        assertTrue(toServer.contains("the server prints") && toServer.contains("the server logs"), toServer);
        assertTrue(!toServer.contains("marmalade") && !toServer.contains("gooseberry"), toServer);
    }

    private static void assertLogged(List<String> log, String word, String other) {
        for (String line : List.of(
                "INFO PrintingJob: driver logs " + word,
                "INFO driver prints " + word,
                "WARN driver complains " + word,
                "INFO driver begins " + word,
                "INFO child prints " + word,
                "INFO no end to " + word)) {
            assertEquals(1, count(log, line), () -> line + " in " + log);
        }
        assertEquals(4, count(log, "INFO task prints " + word), log::toString);
        assertEquals(4, count(log, "WARN PrintingJob: task logs " + word), log::toString);
        assertTrue(log.stream().anyMatch(line -> line.matches("INFO \\|\\s*" + word + "\\|")), log::toString);
        assertTrue(log.stream().noneMatch(line -> line.contains(other) || line.contains("whispers")), log::toString);
        assertTrue(log.stream().noneMatch(line -> line.contains("SparkContext") || line.contains("DAGScheduler")));
    }

    @Test
    void whatTheServerLogsAboutItselfOnAJobsThreadIsInTheServersLogOnly() throws Exception {
        List<Class<?>> ours = List.of(TrustedClock.class, JobLog.class, SparkAttempt.class);
        try (JobLog log = new JobLog(folder, Clock.systemUTC(), JobLog.MIN_BYTES)) {
            JobLogRouter router = JobLogRouter.enter(JobId.random(), log);
            try {
                ours.forEach(type -> LoggerFactory.getLogger(type).warn("{} says so", type.getSimpleName()));
                LoggerFactory.getLogger("com.example.Job").warn("the job says so");
            } finally {
                router.leave();
            }
            assertEquals(
                    List.of("Job: the job says so"),
                    LogReader.page(log.parts(), 0, 10, LogLine.Level.DEBUG, false).lines().stream()
                            .map(LogLine::text)
                            .toList());
        }
        assertTrue(serverLog.messages.containsAll(
                List.of("TrustedClock says so", "JobLog says so", "SparkAttempt says so")));
    }

    @Test
    void theStackTraceOfAFailureIsInTheJobsLogOnly() {
        String id = (String) API.run("failing", Map.of("mode", "in-task")).get("job_id");
        List<String> log = log(id);

        assertTrue(log.stream().anyMatch(line -> line.matches("ERROR .*the wheel of task \\d came off")));
        assertTrue(log.stream().anyMatch(line -> line.startsWith("ERROR \tat tinderbox.support.FailingJob")));
        assertTrue(log.stream().anyMatch(line -> line.startsWith("ERROR \tat tinderbox.spark.SparkAttempt.run")));
        String toServer = printed.toString(StandardCharsets.UTF_8) + serverLog.messages;
        assertTrue(!toServer.contains("came off"), toServer);
    }

    @Test
    void aThreadThatOutlivesItsJobPrintsToTheOriginalStream() throws Exception {
        JobId id = JobId.random();
        Thread attempt = new Thread(() -> {
            try (JobLog log = new JobLog(folder, Clock.systemUTC(), 1 << 20)) {
                JobLogRouter route = JobLogRouter.enter(id, log);
                System.out.println("in time");
                route.leave();
                System.out.println("too late");
                LoggerFactory.getLogger("com.example.Job").warn("logged too late");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        attempt.start();
        attempt.join();

        assertEquals("too late\n", printed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
        assertTrue(serverLog.messages.contains("logged too late"));
    }

    @Test
    void anUnterminatedLineIsLimited() throws Exception {
        try (JobLog log = new JobLog(folder, Clock.systemUTC(), 1 << 20)) {
            Thread attempt = new Thread(() -> {
                JobLogRouter route = JobLogRouter.enter(JobId.random(), log);
                for (int i = 0; i < 100_000; i++) {
                    System.out.print("without end ");
                }
                System.out.println();
                System.out.println("after it");
                route.leave();
            });
            attempt.start();
            attempt.join();
        }
        List<String> lines = Files.readAllLines(folder.resolve("log.txt"));
        assertEquals(2, lines.size());
        assertTrue(lines.get(0).endsWith("… (cut)") && lines.get(0).length() < 9_000);
        assertTrue(lines.get(1).endsWith("INFO after it"));
    }

    @Test
    void theLastServerInTheProcessRestoresTheStreams() {
        stopListening();
        PrintStream before = System.out;
        OutputCapture second = OutputCapture.capture();
        assertSame(before, System.out);
        second.close();
        assertSame(before, System.out);
        assertTrue(before instanceof StdoutCapture);
    }
}
