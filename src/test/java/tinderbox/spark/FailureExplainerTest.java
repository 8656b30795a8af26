package tinderbox.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;

class FailureExplainerTest {
    private static Failure afterFullDisk(String executor) {
        IOException cause = new IOException("No space left on device");
        return FailureExplainer.of(new SparkException(
                "Job aborted due to stage failure: Task 3 in stage 1.0 failed 4 times, most recent failure: Lost task 3.3"
                        + " in stage 1.0 (TID 17) (" + executor + "): " + cause,
                cause));
    }

    @Test
    void theWorkerWhoseDiskIsFullIsNamed() {
        Failure failure = afterFullDisk("node3 executor 2");
        assertEquals(ErrorCode.DISK_FULL, failure.code());
        assertEquals("The disk of the worker on node3 filled up while the job ran", failure.message());
    }

    @Test
    void withoutAClusterItIsTheServersDisk() {
        assertEquals(
                "The disk filled up while the job ran",
                afterFullDisk("localhost executor driver").message());
    }
}
