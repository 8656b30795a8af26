package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As in some containers: a user without a name or home, a host name that does not resolve, no network. */
class ContainerIT {
    private static final String UID = "54321";
    private static final String[] AS_UNKNOWN_USER = {"setpriv", "--reuid", UID, "--clear-groups", "env", "HOME=/none"};

    @TempDir
    Path base;

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean canSwitchUser() {
        return succeeds(
                "setpriv",
                "--reuid",
                UID,
                "--clear-groups",
                "test",
                "-r",
                ServerProcess.jar().toString());
    }

    private Path createDataDirOfUid() throws IOException {
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path data = Files.createDirectory(base.resolve("data"));
        return Files.setOwner(
                data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(UID));
    }

    @Test
    void startsWithoutAUserNameAHostNameOrANetwork() throws IOException {
        assumeTrue(canSwitchUser() && succeeds("unshare", "-n", "-u", "true"), "needs root, setpriv and unshare");
        String bare = "hostname nowhere-at-all; ip link set lo up; exec \"$@\"";
        try (ServerProcess server = ServerProcess.on(createDataDirOfUid())
                .wrappedBy("unshare", "-n", "-u", "sh", "-c", bare, "sh")
                .wrappedBy(AS_UNKNOWN_USER)
                .launch()) {
            await().until(() -> server.output().contains("is ready on local") || !server.isAlive());
            server.stop();
            assertTrue(server.output().contains("is ready on local"), server::output);
            assertFalse(server.output().contains("\tat "), server::output);
            assertFalse(server.output().contains("ERROR") || server.output().contains("WARN"), server::output);
        }
    }

    @Test
    void aFolderWithoutPermissionIsReportedInOneLine() throws IOException {
        assumeTrue(canSwitchUser(), "needs root and setpriv");
        createDataDirOfUid();
        Path closed = Files.createDirectory(
                base.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (Path data : new Path[] {closed, closed.resolve("below"), base.resolve("new"), Path.of("/none/data")}) {
            try (ServerProcess server =
                    ServerProcess.on(data).wrappedBy(AS_UNKNOWN_USER).launch()) {
                assertEquals(3, server.awaitExit(), server::output);
                assertEquals(1, server.output().lines().count(), server::output);
                assertTrue(server.output().contains("permission denied: "), server::output);
                assertTrue(server.output().contains("with --data-dir"), server::output);
                assertFalse(server.output().contains("Exception"), server::output);
                assertFalse(server.output().contains("token"), server::output);
            }
        }
    }
}
