package tinderbox.page;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tinderbox.support.SelfSignedCertificate;

/** An nginx in front of a server, with TLS and a path prefix, configured as SECURITY.md says. */
final class Nginx implements AutoCloseable {
    private final Process process;
    private final URI uri;

    /** The program, if it is installed. */
    static Optional<Path> program() {
        return Stream.concat(
                        Stream.of(System.getenv("PATH").split(":", -1)).map(Path::of),
                        Stream.of(Path.of("/usr/sbin"), Path.of("/usr/local/sbin")))
                .map(folder -> folder.resolve("nginx"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts it, with all its files in {@code folder}. */
    Nginx(Path program, Path folder, URI server) throws Exception {
        SelfSignedCertificate certificate = new SelfSignedCertificate(folder, "EC");
        int port = freePort();
        // The indented part is that of SECURITY.md.
        String configuration = """
                daemon off;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                events {}
                http {
                  access_log off;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  server {
                    listen 127.0.0.1:%2$d ssl;
                    ssl_certificate %3$s;
                    ssl_certificate_key %4$s;
                    location /tinderbox/ {
                      proxy_pass %5$s;
                      proxy_redirect / /tinderbox/;
                      proxy_http_version 1.1;
                      proxy_set_header Connection "";
                      proxy_set_header Host $http_host;
                      proxy_set_header X-Forwarded-Proto $scheme;
                      proxy_buffering off;
                      proxy_request_buffering off;
                      proxy_read_timeout 1h;
                      client_max_body_size 0;
                    }
                  }
                }
                """.formatted(folder, port, certificate.chain(), certificate.key(), server);
        Path file = Files.writeString(folder.resolve("nginx.conf"), configuration);
        process = new ProcessBuilder(List.of(program.toString(), "-p", folder.toString(), "-c", file.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.out").toFile())
                .start();
        Awaitility.await("nginx listens; see " + folder)
                .atMost(Duration.ofSeconds(30))
                .until(() -> isListening(port));
        uri = URI.create("https://localhost:" + port + "/tinderbox/");
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** The address of the page through nginx. */
    URI uri() {
        return uri;
    }

    @Override
    public void close() {
        // Not killed, because its workers would survive that.
        process.destroy();
        process.onExit().join();
    }
}
