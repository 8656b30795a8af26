package tinderbox.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** An attacker on this machine who does not know the secret connects to Spark's ports. */
class SparkPortsTest {
    private static final int MIB = 1 << 20;
    /** More than the limit and the sockets' buffers together. */
    private static final int TOO_MUCH = 64 * MIB;

    private static ApiClient apiClient;

    @BeforeAll
    static void aSession() {
        apiClient = new ApiClient(TestServer.shared());
        assertEquals("SUCCEEDED", apiClient.run("word-count", Map.of()).get("status"));
    }

    /** Sends the beginning of a 2 GB frame. */
    private static void sendUnfinishedFrame(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            out.write(ByteBuffer.allocate(8).putLong(Integer.MAX_VALUE - 8).array());
            byte[] some = new byte[MIB];
            for (int sent = 0; sent < TOO_MUCH; sent += some.length) {
                out.write(some);
            }
        }
    }

    @Test
    void anUnfinishedFrameCannotUseMuchMemoryAndJobsContinue() {
        int driver = SparkEnv.get().rpcEnv().address().port();
        int blocks = SparkEnv.get().blockManager().blockManagerId().port();
        for (int port : new int[] {driver, blocks}) {
            assertThrows(IOException.class, () -> sendUnfinishedFrame(port));
        }
        assertEquals("SUCCEEDED", apiClient.run("word-count", Map.of()).get("status"));
    }
}
