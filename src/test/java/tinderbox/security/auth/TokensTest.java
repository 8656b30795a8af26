package tinderbox.security.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.Visibility;
import tinderbox.security.audit.AuditAction;
import tinderbox.security.audit.AuditEntry;
import tinderbox.security.audit.AuditEvent;
import tinderbox.security.audit.AuditLog;
import tinderbox.security.audit.AuditQuery;
import tinderbox.support.ManualClock;

/** Tokens and sessions, from the file up, with clocks that the test advances. */
class TokensTest {
    @TempDir
    Path dataDir;

    private final AtomicLong nanos = new AtomicLong();
    private final ManualClock clock = new ManualClock();

    private TokenAdmin admin() {
        return new TokenAdmin(dataDir, clock);
    }

    private Tokens tokens(boolean always) {
        return new Tokens(dataDir, always, clock, nanos::get);
    }

    private void aSecondLater() {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void theFirstTokenTurnsAuthenticationOnInARunningServer() throws Exception {
        Tokens tokens = tokens(false);
        assertFalse(tokens.areRequired());

        String secret = admin().create("lab", Role.VIEWER, null);
        aSecondLater();

        assertTrue(tokens.areRequired());
        assertEquals("lab", tokens.find(secret).orElseThrow().name());
        assertTrue(tokens.find(secret + "x").isEmpty());
    }

    @Test
    void theSecretIsNotStoredAndOnlyTheOwnerReadsTheFile() throws Exception {
        String secret = admin().create("lab", Role.ADMIN, null);

        Path file = dataDir.resolve("tokens.json");
        assertFalse(Files.readString(file).contains(secret));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(43, secret.length());
    }

    @Test
    void aRevokedTokenEndsWithItsSessions() throws Exception {
        String secret = admin().create("lab", Role.SUBMITTER, null);
        Tokens tokens = tokens(false);
        BrowserSessions sessions = new BrowserSessions(tokens, nanos::get);
        String session = sessions.begin(tokens.find(secret).orElseThrow());
        assertTrue(sessions.find(session).isPresent());

        admin().revoke("lab");
        aSecondLater();

        assertTrue(tokens.find(secret).isEmpty());
        assertTrue(sessions.find(session).isEmpty());
        assertTrue(tokens.areRequired(), "without tokens, nobody is let in, rather than everybody");
    }

    @Test
    void aTokenOfTheSameNameDoesNotReviveASession() throws Exception {
        String secret = admin().create("lab", Role.ADMIN, null);
        Tokens tokens = tokens(false);
        BrowserSessions sessions = new BrowserSessions(tokens, nanos::get);
        String session = sessions.begin(tokens.find(secret).orElseThrow());

        admin().revoke("lab");
        admin().create("lab", Role.ADMIN, null);
        aSecondLater();

        assertTrue(sessions.find(session).isEmpty());
    }

    @Test
    void aTokenExpires() throws Exception {
        String secret = admin().create("lab", Role.VIEWER, Duration.ofDays(30));
        Tokens tokens = tokens(false);
        clock.advance(Duration.ofDays(30).minusMillis(1));
        assertTrue(tokens.find(secret).isPresent());
        assertTrue(tokens.anyValid());

        clock.advance(Duration.ofMillis(1));

        assertTrue(tokens.find(secret).isEmpty());
        assertFalse(tokens.anyValid());
        admin().create("lab", Role.VIEWER, null);
    }

    @Test
    void aSessionLastsTwelveHours() throws Exception {
        Tokens tokens = tokens(false);
        String secret = admin().create("lab", Role.VIEWER, null);
        aSecondLater();
        BrowserSessions sessions = new BrowserSessions(tokens, nanos::get);
        String session = sessions.begin(tokens.find(secret).orElseThrow());

        nanos.addAndGet(BrowserSessions.LIFETIME.toNanos() - 1);
        assertTrue(sessions.find(session).isPresent());
        nanos.addAndGet(1);
        assertTrue(sessions.find(session).isEmpty());
    }

    @Test
    void loggingOutEndsTheSession() throws Exception {
        String secret = admin().create("lab", Role.VIEWER, null);
        Tokens tokens = tokens(false);
        BrowserSessions sessions = new BrowserSessions(tokens, nanos::get);
        String session = sessions.begin(tokens.find(secret).orElseThrow());

        sessions.end(session);

        assertTrue(sessions.find(session).isEmpty());
        assertTrue(sessions.find(secret).isEmpty(), "a token is not a session");
    }

    @Test
    void ifATokenHasTooManySessionsTheLeastRecentlyUsedEnds() throws Exception {
        String secret = admin().create("lab", Role.ADMIN, null);
        String others = admin().create("other", Role.VIEWER, null);
        Tokens tokens = tokens(false);
        BrowserSessions sessions = new BrowserSessions(tokens, nanos::get);
        Token token = tokens.find(secret).orElseThrow();
        String other = sessions.begin(tokens.find(others).orElseThrow());
        String first = sessions.begin(token);
        String second = sessions.begin(token);
        for (int i = 2; i < BrowserSessions.MAX_PER_TOKEN; i++) {
            sessions.begin(token);
        }
        assertTrue(sessions.find(first).isPresent(), "this uses it");

        sessions.begin(token);

        assertTrue(sessions.find(first).isPresent());
        assertTrue(sessions.find(second).isEmpty());
        for (int i = 0; i < 10_200; i++) {
            sessions.begin(token);
        }
        assertTrue(sessions.find(other).isPresent(), "another token's session stays");
    }

    @Test
    void thirtyPeopleCanShareATokenButAFloodOfLogInsIsRefused() throws Exception {
        String secret = admin().create("lab", Role.ADMIN, null);
        Tokens tokens = tokens(false);
        Authenticator authenticator =
                new Authenticator(tokens, new BrowserSessions(tokens, nanos::get), new RateLimits(100, 100));
        for (int i = 0; i < 90; i++) {
            assertTrue(authenticator
                    .bySession(authenticator.logIn(secret, "192.0.2.1").secret())
                    .isPresent());
        }

        JobException refused = assertThrows(JobException.class, () -> {
            for (int i = 0; i < 200; i++) {
                authenticator.logIn(secret, "192.0.2." + i);
            }
        });

        assertEquals(ErrorCode.TOO_MANY_REQUESTS, refused.code());
    }

    private Authenticator authenticator(boolean isPrivate) {
        Tokens tokens = tokens(isPrivate);
        return new Authenticator(tokens, new BrowserSessions(tokens, nanos::get), new RateLimits(100, 100), isPrivate);
    }

    @Test
    void rolesSeeWhatIsTheirs() throws Exception {
        String ann = admin().create("ann", Role.SUBMITTER, null);
        String ada = admin().create("ada", Role.ADMIN, null);
        String vera = admin().create("vera", Role.VIEWER, null);
        String vic = admin().create("vic", Role.VIEWER, null, Set.of("ann", "bob"));
        Authenticator isPrivate = authenticator(true);
        Authenticator isNot = authenticator(false);

        assertEquals(Visibility.of(Set.of("ann")), isPrivate.byToken(ann, "").visibility());
        assertEquals(Visibility.ALL, isPrivate.byToken(ada, "").visibility());
        assertEquals(Visibility.ALL, isPrivate.byToken(vera, "").visibility());
        assertEquals(Visibility.ALL, isNot.byToken(ann, "").visibility());
        for (Authenticator each : List.of(isPrivate, isNot)) {
            assertEquals(
                    Visibility.of(Set.of("ann", "bob")), each.byToken(vic, "").visibility());
        }
        assertEquals(Visibility.ALL, isPrivate.visibilityOf("ada"), "the job of an admin reads everything");
        assertEquals(Visibility.of(Set.of("ann")), isPrivate.visibilityOf("ann"));
        assertEquals(Visibility.of(Set.of("gone")), isPrivate.visibilityOf("gone"));
        assertEquals(Visibility.ALL, isNot.visibilityOf("gone"));
    }

    @Test
    void aTokenThatSeesSomethingElseIsAnotherOne() throws Exception {
        String vic = admin().create("vic", Role.VIEWER, null, Set.of("ann"));
        Authenticator authenticator = authenticator(true);
        Principal before = authenticator.byToken(vic, "");
        assertTrue(authenticator.isOpenTo(before));

        admin().revoke("vic");
        admin().create("vic", Role.VIEWER, null, Set.of("bob"));
        aSecondLater();

        assertFalse(authenticator.isOpenTo(before), "its event streams end");
    }

    @Test
    void aTokenThatIsReplacedByOneOfTheSameNameLetsNobodyIn() throws Exception {
        String stolen = admin().create("ann", Role.SUBMITTER, null);
        Authenticator authenticator = authenticator(true);
        Principal thief = authenticator.byToken(stolen, "");
        assertTrue(authenticator.isOpenTo(thief));

        admin().revoke("ann");
        admin().create("ann", Role.SUBMITTER, null);
        aSecondLater();

        assertFalse(authenticator.isOpenTo(thief), "its event streams end");
        assertEquals(
                ErrorCode.BAD_TOKEN,
                assertThrows(JobException.class, () -> authenticator.checkOpenTo(thief))
                        .code());
    }

    @Test
    void aFileThatDoesNotSayWhomAViewerSeesShowsItEverybody() throws Exception {
        String vic = admin().create("vic", Role.VIEWER, null, Set.of("ann"));
        Path file = dataDir.resolve("tokens.json");
        String json = Files.readString(file);
        Files.writeString(file, json.replace(",\"sees\":[\"ann\"]", ""));
        assertEquals(Visibility.ALL, authenticator(false).byToken(vic, "").visibility());

        Files.writeString(file, json.replace("viewer", "admin"));

        assertTrue(tokens(false).problem().orElseThrow().contains("has a list sees that it cannot have"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mkdir", "mkfifo"})
    @Timeout(60)
    void aFolderOrPipeInPlaceOfTheFileLetsNobodyIn(String command) throws Exception {
        String secret = admin().create("lab", Role.ADMIN, null);
        Tokens tokens = tokens(false);
        Path file = dataDir.resolve("tokens.json");
        Files.delete(file);
        assertEquals(0, new ProcessBuilder(command, file.toString()).start().waitFor());
        aSecondLater();

        assertTrue(tokens.find(secret).isEmpty());
        assertTrue(tokens.areRequired());
        assertTrue(tokens.problem().orElseThrow().contains("tokens.json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "null",
                "{\"tokens\":null}",
                "{\"tokens\":[null]}",
                "{\"tokens\":[{\"name\":null,\"role\":null,\"sha256\":null,\"created_at\":null}]}",
                "{\"tokens\":[{\"name\":\"a\",\"role\":\"root\",\"sha256\":\"00\",\"created_at\":\"2026-01-05T10:00:00Z\"}]}",
                "{\"tokens\":[{\"name\":\"a\",\"role\":\"admin\",\"sha256\":\"00\",\"created_at\":\"2026-01-05T10:00:00Z\"}]}"
            })
    void aDamagedFileLetsNobodyIn(String content) throws Exception {
        String secret = admin().create("lab", Role.ADMIN, null);
        Tokens tokens = tokens(false);
        assertTrue(tokens.find(secret).isPresent());

        Files.writeString(dataDir.resolve("tokens.json"), content);
        aSecondLater();

        assertTrue(tokens.find(secret).isEmpty());
        assertTrue(tokens.areRequired());
        assertTrue(tokens.problem().orElseThrow().contains("tokens.json"));
        assertThrows(IOException.class, () -> admin().create("other", Role.ADMIN, null), "and nothing is overwritten");
    }

    @Test
    void anExposedServerRequiresTokensEvenWithoutAFile() {
        Tokens tokens = tokens(true);

        assertTrue(tokens.areRequired());
        assertFalse(tokens.anyValid());
        assertTrue(tokens.find("anything").isEmpty());
    }

    @Test
    void aMissingFileLetsNobodyInUntilTheOperatorDecides() throws Exception {
        String secret = admin().create("lab", Role.ADMIN, null);
        Tokens tokens = tokens(false);
        Files.delete(dataDir.resolve("tokens.json"));
        aSecondLater();

        assertTrue(tokens.areRequired());
        assertTrue(tokens.find(secret).isEmpty());
        assertTrue(tokens.problem().orElseThrow().contains("token open --data-dir " + dataDir));

        admin().open();
        aSecondLater();
        assertFalse(tokens.areRequired());
        Files.delete(dataDir.resolve("tokens.json"));
        aSecondLater();
        assertFalse(tokens.areRequired(), "it was open");
        String other = admin().create("lab", Role.ADMIN, null);
        aSecondLater();
        assertTrue(tokens.find(other).isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"as it is", "without audit/tokens.json", "with one of an older version"})
    void aStartKnowsFromTheAuditLogThatThereWereTokens(String audit) throws Exception {
        admin().create("lab", Role.ADMIN, null);
        try (AuditLog log = new AuditLog(dataDir, clock)) {
            tokens(false).audit(log, clock);
        }
        Files.delete(dataDir.resolve("tokens.json"));
        Path seen = dataDir.resolve("audit/tokens.json");
        if (audit.startsWith("without")) {
            Files.delete(seen);
        } else if (audit.startsWith("with ")) {
            Files.writeString(seen, "{\"tokens\":[]}");
        }

        assertTrue(tokens(false).areRequired());
        assertTrue(tokens(false).problem().isPresent());

        admin().open();
        try (AuditLog log = new AuditLog(dataDir, clock)) {
            tokens(false).audit(log, clock);
            List<String> actions = log.page(new AuditQuery(null, null, null, null, null, null, 10)).entries().stream()
                    .map(AuditEntry::action)
                    .toList();
            assertEquals("token_open", actions.get(0), actions::toString);
        }
        Files.delete(dataDir.resolve("tokens.json"));
        assertFalse(tokens(false).areRequired(), "the log says that it was opened");
    }

    @Test
    void aServerThatNeverHadTokensIsOpen() throws Exception {
        try (AuditLog log = new AuditLog(dataDir, clock)) {
            log.append(new AuditEvent(
                    "local",
                    "admin",
                    null,
                    AuditAction.SUBMIT,
                    "x",
                    Map.of("action", "token_create"),
                    202,
                    null,
                    null));
            log.append(new AuditEvent(
                    "local", "admin", null, AuditAction.TOKEN_CREATE, "x", Map.of(), 409, "wrong_state", null));
            assertFalse(tokens(false).areRequired(), "neither parameters of a job nor a refusal are a created token");
            tokens(false).audit(log, clock);
        }
        assertFalse(tokens(false).areRequired());
    }

    private Actor ada() throws IOException {
        Token token = admin().list().stream()
                .filter(each -> each.name().equals("ada"))
                .findFirst()
                .orElseThrow();
        return new Actor(new Principal("ada", Role.ADMIN, Visibility.ALL, token), "127.0.0.1", "request");
    }

    @Test
    void aChangeHasOneLineWhereverTheServerDies() throws Exception {
        // The file has milliseconds only.
        clock.advance(Duration.ofNanos(1_234_567));
        admin().create("ada", Role.ADMIN, null);
        Path seen = dataDir.resolve("audit/tokens.json");
        byte[] before;
        try (AuditLog log = new AuditLog(dataDir, clock)) {
            Tokens tokens = tokens(false);
            tokens.audit(log, clock);
            before = Files.readAllBytes(seen);
            tokens.create(ada(), "lab", Role.VIEWER, null, Set.of());
        }
        // As if it had died after the line, and before it stored what it had seen.
        Files.write(seen, before);
        try (AuditLog log = new AuditLog(dataDir, clock)) {
            Tokens tokens = tokens(false);
            tokens.audit(log, clock);
            assertEquals(List.of("token_create lab ada", "token_create ada null"), tokenLines(log));
            before = Files.readAllBytes(seen);
            // As if it had died before the line: then nobody knows who it was.
            admin().revoke("lab");
        }
        try (AuditLog log = new AuditLog(dataDir, clock)) {
            tokens(false).audit(log, clock);
            assertEquals("token_revoke lab null", tokenLines(log).get(0));
            assertEquals(3, tokenLines(log).size());
        }
    }

    private static List<String> tokenLines(AuditLog log) throws IOException {
        return log.page(AuditQuery.newest(100)).entries().stream()
                .map(entry -> entry.action() + " " + entry.target() + " " + entry.actor())
                .toList();
    }

    @Test
    void whileACommandChangesTheTokensAnAdminHasToTryAgain() throws Exception {
        admin().create("ada", Role.ADMIN, null);
        try (AuditLog log = new AuditLog(dataDir, clock);
                FileChannel lock = FileChannel.open(dataDir.resolve("tokens.lock"), StandardOpenOption.WRITE)) {
            Tokens tokens = tokens(false);
            tokens.audit(log, clock);
            try (FileLock held = lock.lock()) {
                assertTrue(held.isValid());
                assertThrows(TokenFile.BusyException.class, () -> tokens.revoke(ada(), "ada"));
            }
            admin().create("eve", Role.ADMIN, null);
            Actor ada = ada();
            tokens.revoke(ada, "ada");
            assertEquals(
                    TokenAdmin.Reason.NO_ADMIN,
                    assertThrows(
                                    TokenAdmin.RefusedException.class,
                                    () -> tokens.create(ada, "lab", Role.VIEWER, null, Set.of()))
                            .reason());
        }
    }

    @Test
    void onlyAServerWithoutValidTokensCanBeOpened() throws Exception {
        admin().create("lab", Role.ADMIN, null);
        assertThrows(TokenAdmin.RefusedException.class, () -> admin().open());
        admin().revoke("lab");
        Tokens tokens = tokens(false);
        assertTrue(tokens.areRequired());

        admin().open();
        aSecondLater();

        assertFalse(tokens.areRequired());
        assertTrue(tokens(true).areRequired(), "but not to other machines");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "local", "-a", "a b", "a\nb", "a/b", "\u202eadmin", "..."})
    void invalidNamesAreRefused(String name) {
        assertThrows(TokenAdmin.RefusedException.class, () -> admin().create(name, Role.VIEWER, null));
    }

    @Test
    void namesAreUniqueAndUnknownOnesCannotBeRevoked() throws Exception {
        admin().create("lab", Role.VIEWER, null);

        assertThrows(TokenAdmin.RefusedException.class, () -> admin().create("lab", Role.ADMIN, null));
        assertThrows(TokenAdmin.RefusedException.class, () -> admin().revoke("other"));
        assertEquals(
                List.of(Role.VIEWER), admin().list().stream().map(Token::role).toList());
    }
}
