package tinderbox.fault;

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

/** A machine as a container may be: a user without a name or home, a host name that does not resolve, no network. */
class ContainerIT {
    private static final String UID = "54321";
    private static final String[] AS_NOBODY_KNOWN = {"setpriv", "--reuid", UID, "--clear-groups", "env", "HOME=/none"};

    @TempDir
    Path base;

    private static boolean works(String... command) {
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

    private static boolean canBecomeAnother() {
        return works(
                "setpriv",
                "--reuid",
                UID,
                "--clear-groups",
                "test",
                "-r",
                ServerProcess.jar().toString());
    }

    private Path ownedByUid() throws IOException {
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path data = Files.createDirectory(base.resolve("data"));
        return Files.setOwner(
                data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(UID));
    }

    @Test
    void startsWithoutAUserNameAHostNameOrANetwork() throws IOException {
        assumeTrue(canBecomeAnother() && works("unshare", "-n", "-u", "true"), "this takes root, setpriv and unshare");
        String bare = "hostname nowhere-at-all; ip link set lo up; exec \"$@\"";
        try (ServerProcess server = ServerProcess.on(ownedByUid())
                .by("unshare", "-n", "-u", "sh", "-c", bare, "sh")
                .by(AS_NOBODY_KNOWN)
                .begin()) {
            Waiting.until(() -> server.output().contains("is ready on local") || !server.isAlive());
            server.stop();
            assertTrue(server.output().contains("is ready on local"), server::output);
            assertFalse(server.output().contains("\tat "), server::output);
            assertFalse(server.output().contains("ERROR") || server.output().contains("WARN"), server::output);
        }
    }

    @Test
    void aFolderWithoutRightsIsOneLine() throws IOException {
        assumeTrue(canBecomeAnother(), "this takes root and setpriv");
        ownedByUid();
        Path closed = Files.createDirectory(
                base.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (Path data : new Path[] {closed, closed.resolve("below"), base.resolve("new"), Path.of("/none/data")}) {
            try (ServerProcess server =
                    ServerProcess.on(data).by(AS_NOBODY_KNOWN).begin()) {
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
