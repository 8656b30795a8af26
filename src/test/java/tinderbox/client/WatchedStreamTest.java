package tinderbox.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatchedStreamTest {
    @Test
    void aReadEndsIfNothingArrives() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(listening.getInetAddress(), listening.getLocalPort());
                Socket server = listening.accept();
                InputStream body = new WatchedStream(client.getInputStream(), Duration.ofMillis(200))) {
            server.getOutputStream().write(7);
            assertEquals(7, body.read());
            IOException e = assertThrows(IOException.class, body::read);
            assertTrue(e.getMessage().startsWith("nothing has arrived for"), e.getMessage());
        }
    }
}
