package tinderbox.jobtype.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

class TaskMemoryTest {
    private static final TestServer SERVER = TestServer.shared();

    private static SparkContext sparkWith(Map<String, String> settings) {
        SERVER.restart(settings);
        new ApiClient(SERVER).run("word-count", Map.of());
        return SparkSession.active().sparkContext();
    }

    @AfterAll
    static void restore() {
        SERVER.restart();
    }

    @Test
    void tasksShareTheHeapByTheCoresOfTheSession() {
        SparkContext spark = sparkWith(Map.of("spark.master", "local[3]"));
        List<Integer> slots = JavaSparkContext.fromSparkContext(spark)
                .parallelize(List.of(1), 1)
                .map(i -> TaskMemory.slots())
                .collect();
        assertEquals(List.of(3), slots);
        assertEquals(Runtime.getRuntime().maxMemory() / 3, TaskMemory.SHARE.bytes(spark));
    }

    @Test
    void aTaskOfSeveralCoresHasTheirShares() {
        sparkWith(Map.of("spark.task.cpus", "2"));
        assertEquals(1, TaskMemory.slots());
        assertEquals(1 << 20, new TaskMemory(1 << 20).bytes());
    }
}
