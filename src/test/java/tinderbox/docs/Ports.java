package tinderbox.docs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds free ports, for servers whose port must be known before they start. */
final class Ports {
    // Below those that the system gives to connections and to tests that ask for any port.
    private static final int FIRST = 20_000;
    private static final int LAST = 30_000;

    private Ports() {}

    static int free() throws IOException {
        IOException last = null;
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }
}
