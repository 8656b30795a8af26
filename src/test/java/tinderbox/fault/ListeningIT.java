package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The addresses on which a server listens while a job runs, as {@code ss -ltn} shows them. Reads /proc: Linux only. */
class ListeningIT {
    private static final String LISTEN = "0A";
    private static final Set<String> LOOPBACK =
            Set.of("0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F");

    @TempDir
    Path base;

    @Test
    void theServerListensOnLoopbackOnly() throws IOException {
        try (ServerProcess server = ServerProcess.on(base.resolve("data"))
                .with(JobClient.rootOption(base))
                .start()) {
            String id = JobClient.submitAccepted(server.apiClient(), null, 60);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> "RUNNING".equals(server.apiClient().job(id).get("status")));

            List<String> addresses = listening(server.pid());

            assertTrue(addresses.size() >= 2, () -> "the server's port, and Spark's: " + addresses);
            assertEquals(
                    List.of(),
                    addresses.stream()
                            .filter(address -> !LOOPBACK.contains(address.substring(0, address.indexOf(':'))))
                            .toList());
            assertEquals(
                    "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(base.resolve("data"))));
        }
    }

    /** The addresses on which a process listens, one for each port, sorted. */
    static List<String> addresses(long pid) throws IOException {
        return listening(pid).stream()
                .map(address -> address.substring(0, address.indexOf(':')))
                .sorted()
                .toList();
    }

    /** Each address and port, in the kernel's hexadecimal format. */
    private static List<String> listening(long pid) throws IOException {
        Set<String> sockets = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                String target = target(descriptor);
                if (target.startsWith("socket:[")) {
                    sockets.add(target.substring("socket:[".length(), target.length() - 1));
                }
            }
        }
        List<String> addresses = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
                String[] columns = line.strip().split("\\s+", -1);
                if (columns.length > 9 && columns[3].equals(LISTEN) && sockets.contains(columns[9])) {
                    addresses.add(columns[1]);
                }
            }
        }
        return addresses;
    }

    /** What a descriptor refers to; empty if the process has closed it since it was listed. */
    private static String target(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
