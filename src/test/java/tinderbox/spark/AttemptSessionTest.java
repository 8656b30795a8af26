package tinderbox.spark;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import tinderbox.jobtype.JobContext;
import tinderbox.support.ApiClient;
import tinderbox.support.LambdaJob;
import tinderbox.support.TestServer;

/** The session of an attempt. */
class AttemptSessionTest {
    private static final String TIME_ZONE = "spark.sql.session.timeZone";

    private final ApiClient apiClient = new ApiClient(TestServer.shared());

    private static Map<String, Object> succeeded(Map<String, Object> job) {
        assertEquals("SUCCEEDED", job.get("status"), () -> "error: " + job.get("error"));
        return summary(job);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> summary(Map<String, Object> job) {
        return (Map<String, Object>) job.get("summary");
    }

    private static LambdaJob.Body sets(String zone, CyclicBarrier bothHaveSet) {
        return context -> {
            SparkSession spark = context.spark();
            spark.conf().set(TIME_ZONE, zone);
            spark.sql("SELECT '" + zone + "' AS zone").createOrReplaceTempView("mine");
            bothHaveSet.await(60, TimeUnit.SECONDS);
            return Map.of(
                    "setting", spark.conf().get(TIME_ZONE),
                    "active_setting", SparkSession.active().conf().get(TIME_ZONE),
                    "view", spark.sql("SELECT zone FROM mine").head().getString(0));
        };
    }

    @Test
    void twoJobsAtTheSameTimeDoNotSeeEachOthersSettingsAndViews() {
        CyclicBarrier bothHaveSet = new CyclicBarrier(2);
        String first = LambdaJob.submit(apiClient, sets("Asia/Tokyo", bothHaveSet));
        String second = LambdaJob.submit(apiClient, sets("Europe/Berlin", bothHaveSet));
        assertEquals(
                Map.of("setting", "Asia/Tokyo", "active_setting", "Asia/Tokyo", "view", "Asia/Tokyo"),
                succeeded(apiClient.awaitEnd(first)));
        assertEquals(
                Map.of("setting", "Europe/Berlin", "active_setting", "Europe/Berlin", "view", "Europe/Berlin"),
                succeeded(apiClient.awaitEnd(second)));
    }

    @Test
    void aJobDoesNotSeeTheViewsOfTheOneBefore() {
        succeeded(LambdaJob.run(apiClient, context -> {
            context.spark().sql("SELECT 1 AS one").createOrReplaceTempView("left_behind");
            return Map.of();
        }));
        assertEquals(
                Map.of("there", false),
                succeeded(LambdaJob.run(
                        apiClient,
                        context -> Map.of("there", context.spark().catalog().tableExists("left_behind")))));
    }

    private static Map<String, Object> environment(JobContext context) {
        return Map.of(
                "path",
                context.spark().sql("SELECT '${env:PATH}' AS path").head().getString(0));
    }

    @Test
    void aQueryDoesNotSeeTheEnvironmentOfTheServer() {
        assertEquals(
                Map.of("path", "${env:PATH}"), succeeded(LambdaJob.run(apiClient, AttemptSessionTest::environment)));
    }

    @Test
    void aQueryCannotNameAFileAsATable() {
        Map<String, Object> job = LambdaJob.run(apiClient, context -> {
            context.spark().sql("SELECT * FROM text.`/etc/hostname`").head();
            return Map.of();
        });
        assertTrue(job.get("error").toString().contains("TABLE_OR_VIEW_NOT_FOUND"), () -> "error: " + job.get("error"));
    }

    @Test
    void aSparkJobThatTheJobTypeDidNotWaitForEndsWithTheAttempt() {
        CountDownLatch started = new CountDownLatch(1);
        SparkContext[] spark = new SparkContext[1];
        succeeded(LambdaJob.run(apiClient, context -> {
            spark[0] = context.spark().sparkContext();
            Thread forgotten = new Thread(() -> sleepInTasks(spark[0], started));
            forgotten.setUncaughtExceptionHandler((thread, stopped) -> {});
            forgotten.start();
            started.await();
            await().until(() -> spark[0].statusTracker().getActiveJobIds().length > 0);
            return Map.of();
        }));
        await().until(() -> spark[0].statusTracker().getActiveJobIds().length == 0);
    }

    /** Its plan is adaptive, so Spark does not refuse its first stage. */
    @Test
    void aQueryThatBeginsWhenTheAttemptHasEndedIsCancelled() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        FutureTask<Long> late = new FutureTask<>(() -> {
            ended.await();
            return SparkSession.active()
                    .sql("SELECT count(*) FROM range(0, 1000000000000, 1, 2) GROUP BY id % 10")
                    .count();
        });
        succeeded(LambdaJob.run(apiClient, context -> {
            Thread forgotten = new Thread(late);
            forgotten.setDaemon(true);
            forgotten.start();
            return Map.of();
        }));
        ended.countDown();
        Throwable failure = assertThrows(ExecutionException.class, late::get).getCause();
        assertTrue(failure.toString().contains("cancelled"), failure::toString);
    }

    private static void sleepInTasks(SparkContext spark, CountDownLatch started) {
        started.countDown();
        new JavaSparkContext(spark).parallelize(List.of(1, 2)).foreach(i -> Thread.sleep(600_000));
    }

    /** It has the same number, and Spark refuses all later jobs of a group that was cancelled. */
    @Test
    void anAttemptThatDidNotCountRunsAgainOnTheSameSession() {
        AtomicInteger runs = new AtomicInteger();
        Map<String, Object> job = LambdaJob.run(apiClient, context -> {
            long counted = context.spark().range(3).count();
            if (runs.incrementAndGet() == 1) {
                throw new OutOfMemoryError("unable to create native thread, planted");
            }
            return Map.of("counted", counted);
        });
        assertEquals(Map.of("counted", 3L), succeeded(job));
        assertEquals(1L, job.get("attempt"));
        assertEquals(2, runs.get());
    }

    private static LambdaJob.Body countsRows(String address, boolean cached) {
        return context -> {
            Dataset<Row> rows = context.spark().read().text(address);
            return Map.of("rows", (cached ? rows.cache() : rows).count());
        };
    }

    @Test
    void aJobDoesNotGetRowsThatTheOneBeforeHasCached() throws Exception {
        Path file = TestServer.shared().root().resolve("cached.txt");
        String address = "tb:///test/cached.txt";
        Files.writeString(file, "one\n");
        assertEquals(Map.of("rows", 1L), succeeded(LambdaJob.run(apiClient, countsRows(address, true))));
        Files.writeString(file, "one\ntwo\n");
        assertEquals(Map.of("rows", 2L), succeeded(LambdaJob.run(apiClient, countsRows(address, false))));
    }
}
