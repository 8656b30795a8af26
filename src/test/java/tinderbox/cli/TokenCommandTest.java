package tinderbox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tinderbox.support.ConfigBuilder.aConfig;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.Server;
import tinderbox.config.BindPolicy;
import tinderbox.config.Config;
import tinderbox.config.ConfigException;
import tinderbox.security.audit.AuditLog;
import tinderbox.security.auth.TokenFile;
import tinderbox.security.auth.Tokens;
import tinderbox.store.DataDir;
import tinderbox.support.TestServer;

/** The commands for tokens, and the conditions for a server that other machines can reach. No test starts one. */
class TokenCommandTest {
    @TempDir
    Path folder;

    private CliRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data-dir", folder.resolve("data").toString()));
        return CliRun.of(all.toArray(String[]::new));
    }

    @Test
    void tokensAreCreatedListedAndRevoked() {
        CliRun created = run("token", "create", "--name", "lab", "--role", "submitter", "--expires", "30d");
        assertEquals(0, created.code(), created.err());
        String secret = created.out().lines().findFirst().orElseThrow();
        assertTrue(secret.matches("[A-Za-z0-9_-]{43}"), created.out());

        CliRun listed = run("token", "list");
        assertTrue(listed.out().startsWith("lab "), listed.out());
        assertTrue(listed.out().contains("submitter"), listed.out());
        assertFalse(listed.out().contains(secret));

        assertEquals(0, run("token", "revoke", "lab").code());
        assertTrue(run("token", "list").out().startsWith("There are no tokens"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "token create --name lab|--role",
                "token create --role admin|--name",
                "token create --name lab --role root|viewer, submitter or admin",
                "token create --name local --role admin|cannot be a token's name",
                "token create --name a/b --role admin|cannot be a token's name",
                "token create --name lab --role admin --sees ann|only a viewer's token names whose jobs it sees",
                "token create --name lab --role viewer --sees ann --sees a/b|cannot be the name of a submitter",
                "token create --name lab --role admin --expires 30|number of days",
                "token create --name lab --role admin --expires 0d|number of days",
                "token revoke lab|there is no token lab",
                "token revoke|NAME"
            })
    void invalidCommandsExitWithTwoAndSayWhy(String arguments, String why) {
        CliRun refused = run(arguments.split(" "));

        assertEquals(2, refused.code(), refused.err());
        assertTrue(refused.err().contains(why), refused.err());
        assertEquals(1, refused.err().lines().count(), refused.err());
    }

    @Test
    void theListSaysWhomAViewerSees() {
        run("token", "create", "--name", "all", "--role", "viewer");
        CliRun created = run("token", "create", "--name", "few", "--role", "viewer", "--sees", "bob", "--sees", "ann");
        assertEquals(0, created.code(), created.err());

        List<String> listed = run("token", "list").out().lines().toList();

        assertTrue(listed.get(0).endsWith("valid until revoked"), listed::toString);
        assertTrue(listed.get(1).endsWith("valid until revoked, sees ann, bob"), listed::toString);
    }

    @Test
    void aPrivateServerNeedsATokenAlsoOnLoopback() {
        CliRun refused = run("--private");

        assertEquals(2, refused.code(), refused.err());
        assertEquals(1, refused.err().lines().count(), refused.err());
        assertTrue(refused.err().contains("--private keeps the jobs of users apart, so requests need a token"));
        assertTrue(refused.err().contains("token create --name NAME --role admin"), refused.err());
    }

    @Test
    void aSubcommandIsRequired() {
        CliRun refused = CliRun.of("token");

        assertEquals(2, refused.code());
        assertTrue(refused.err().contains("token create, token list, token revoke or token open"), refused.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "no-such-host.invalid"})
    void anExposedServerNeedsTokensAndTls(String host) {
        CliRun refused = run("--host", host);

        assertEquals(2, refused.code(), refused.err());
        assertEquals(2, refused.err().lines().count(), refused.err());
        assertTrue(refused.err().contains("token create --name NAME --role admin"), refused.err());
        assertTrue(refused.err().contains("--insecure-http"), refused.err());
    }

    @Test
    void onlyTheFirstTokenSaysThatAuthenticationIsOn() {
        assertTrue(
                run("token", "create", "--name", "a", "--role", "admin").out().contains("Authentication is now on"));
        assertFalse(
                run("token", "create", "--name", "b", "--role", "admin").out().contains("Authentication is now on"));
    }

    @Test
    void onlyTheMissingConditionIsReported() {
        run("token", "create", "--name", "lab", "--role", "admin");
        CliRun withToken = run("--host", "0.0.0.0");
        assertEquals(2, withToken.code());
        assertFalse(withToken.err().contains("token create"), withToken.err());

        run("token", "revoke", "lab");
        CliRun confirmed = run("--host", "0.0.0.0", "--insecure-http");
        assertEquals(2, confirmed.code());
        assertTrue(confirmed.err().contains("token create"), confirmed.err());
        assertEquals(1, confirmed.err().lines().count(), confirmed.err());
    }

    @Test
    void aDamagedTokenFilePreventsTheStart() throws Exception {
        Files.writeString(Files.createDirectories(folder.resolve("data")).resolve("tokens.json"), "{");

        CliRun refused = run();

        assertEquals(2, refused.code());
        assertTrue(refused.err().contains("tokens.json is damaged"), refused.err());
    }

    @Test
    void aServerWithoutItsTokenFileDoesNotStartUntilTheOperatorDecides() throws Exception {
        Path data = folder.resolve("data");
        run("token", "create", "--name", "lab", "--role", "admin");
        try (AuditLog log = new AuditLog(data, Clock.systemUTC())) {
            new Tokens(data, false, Clock.systemUTC()).audit(log, Clock.systemUTC());
        }
        Files.delete(data.resolve("tokens.json"));

        CliRun lost = run();
        assertEquals(2, lost.code(), lost.err());
        assertEquals(1, lost.err().lines().count(), lost.err());
        assertTrue(lost.err().contains("token create") && lost.err().contains("token open"), lost.err());
        assertTrue(run("token", "list").out().contains("token open"));
        assertEquals(2, run("--host", "0.0.0.0", "--insecure-http").code());
        Config config = aConfig(data).build();
        assertThrows(ConfigException.class, () -> Server.start(config, TestServer.types(), Clock.systemUTC()));

        assertEquals(0, run("token", "open").code());
        assertFalse(BindPolicy.tokens(config, Clock.systemUTC()).areRequired());
        CliRun closed = run("token", "create", "--name", "lab", "--role", "admin");
        assertEquals(0, closed.code(), closed.err());
        CliRun refused = run("token", "open");
        assertEquals(2, refused.code(), refused.out());
        assertTrue(refused.err().contains("token revoke"), refused.err());
    }

    @Test
    void aStartRestrictsTheDataDirToItsOwner() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        run("token", "create", "--name", "lab", "--role", "admin");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(data.resolve("tokens.json"), PosixFilePermissions.fromString("rw-r--r--"));

        try (DataDir opened = DataDir.open(data)) {
            opened.restrictToOwner(TokenFile.FILES);
        }

        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data)));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("tokens.json"))));
    }
}
