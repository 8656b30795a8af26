package tinderbox.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeartbeatFilterTest {
    private static Throwable thrownAt(String type, String method) {
        SparkException thrown = new SparkException("Exception thrown in awaitResult");
        thrown.setStackTrace(new StackTraceElement[] {
            new StackTraceElement(
                    "org.apache.spark.util.SparkThreadUtils$", "awaitResult", "SparkThreadUtils.scala", 71),
            new StackTraceElement(type, method, "Some.scala", 1)
        });
        return thrown;
    }

    @ParameterizedTest
    @CsvSource({
        "org.apache.spark.executor.Executor, reportHeartBeat",
        "org.apache.spark.executor.Executor, org$apache$spark$executor$Executor$$reportHeartBeat",
        "org.apache.spark.HeartbeatReceiver$$anonfun$receiveAndReply$1$$anon$2, run",
        "org.apache.spark.storage.BlockManagerMasterEndpoint,"
                + " org$apache$spark$storage$BlockManagerMasterEndpoint$$register"
    })
    void aFailedHeartbeatIsRecognizedByItsStackTrace(String type, String method) {
        assertTrue(HeartbeatFilter.isOfHeartbeat(thrownAt(type, method)));
    }

    private static Filter.Result filtered(String thread, Throwable thrown) {
        return new HeartbeatFilter()
                .filter(Log4jLogEvent.newBuilder()
                        .setThreadName(thread)
                        .setThrown(thrown)
                        .build());
    }

    @Test
    void onlyHeartbeatsAreFilteredWhileASessionStartsOrStops() {
        HeartbeatFilter.begin();
        try {
            Throwable late = new SparkException("Cannot receive any reply in 1 second");
            assertEquals(Filter.Result.DENY, filtered("executor-heartbeater", late));
            assertEquals(
                    Filter.Result.DENY,
                    filtered("dispatcher-1", thrownAt("org.apache.spark.executor.Executor", "reportHeartBeat")));
            assertEquals(Filter.Result.NEUTRAL, filtered("dispatcher-1", late));
            assertEquals(Filter.Result.NEUTRAL, filtered("tinderbox-spark-keeper", null));
        } finally {
            HeartbeatFilter.end();
        }
    }

    @Test
    void otherFailuresAreLogged() {
        assertFalse(HeartbeatFilter.isOfHeartbeat(thrownAt("org.apache.spark.scheduler.DAGScheduler", "submitStage")));
        assertFalse(HeartbeatFilter.isOfHeartbeat(
                thrownAt("org.apache.spark.storage.BlockManagerMasterEndpoint", "removeRdd")));
    }
}
