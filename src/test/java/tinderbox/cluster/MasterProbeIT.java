package tinderbox.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.rpc.RpcEnv;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tinderbox.common.MasterUrl;

/** Against real masters in this process, in which no local session may run: Spark keeps its secret for the whole process. */
class MasterProbeIT {
    private static final Map<String, String> OPEN = Map.of();
    private static final Map<String, String> SECRET = secret("right");
    private static final Map<String, String> UNENCRYPTED =
            Map.of("spark.authenticate", "true", "spark.authenticate.secret", "right");

    private RpcEnv master;

    private static Map<String, String> secret(String secret) {
        return Map.of(
                "spark.authenticate", "true",
                "spark.authenticate.secret", secret,
                "spark.network.crypto.enabled", "true");
    }

    private String start(Map<String, String> settings) {
        SparkConf conf = new SparkConf(false).set("spark.master.rest.enabled", "false");
        settings.forEach(conf::set);
        master = Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf)._1();
        return "spark://127.0.0.1:" + master.address().port();
    }

    @AfterEach
    void stop() {
        if (master != null) {
            master.shutdown();
            master.awaitTermination();
        }
    }

    private static MasterProbe.Answer ask(String url, Map<String, String> settings) {
        return new MasterProbe(MasterUrl.parse(url).orElseThrow(), "127.0.0.1", settings).ask();
    }

    @Test
    void aMasterWithTheSameSecretAnswers() {
        String url = start(SECRET);
        assertEquals(new MasterProbe.Answered(url, Set.of()), ask(url, SECRET));
    }

    @Test
    void aMasterWithoutEncryptionAnswers() {
        String url = start(UNENCRYPTED);
        assertEquals(new MasterProbe.Answered(url, Set.of()), ask(url, SECRET));
    }

    @Test
    void aMasterWithoutSecretsAnswersWhoHasNone() {
        String url = start(OPEN);
        assertEquals(new MasterProbe.Answered(url, Set.of()), ask(url, OPEN));
    }

    @Test
    void anotherSecretIsRefused() {
        String url = start(SECRET);
        assertEquals(new MasterProbe.WrongSecret(url), ask(url, secret("wrong")));
    }

    @Test
    void anotherSecretIsRefusedWithoutEncryptionToo() {
        String url = start(UNENCRYPTED);
        assertEquals(new MasterProbe.WrongSecret(url), ask(url, secret("wrong")));
    }

    @Test
    void aMasterDemandsASecret() {
        String url = start(SECRET);
        assertEquals(new MasterProbe.SecretMissingHere(url), ask(url, OPEN));
    }

    @Test
    void aMasterThatTakesNoEncryptionDowngradeDemandsASecret() {
        Map<String, String> strict = new HashMap<>(SECRET);
        strict.put("spark.network.crypto.saslFallback", "false");
        String url = start(strict);
        assertEquals(new MasterProbe.SecretMissingHere(url), ask(url, OPEN));
    }

    @Test
    void aMasterThatDoesNotEncryptIsNamedToWhoInsists() {
        Map<String, String> strict = new HashMap<>(SECRET);
        strict.put("spark.network.crypto.saslFallback", "false");
        assertEquals(
                new MasterProbe.Unreachable("it does not encrypt its connections; set"
                        + " spark.network.crypto.enabled=true for the master and the workers"),
                ask(start(UNENCRYPTED), strict));
    }

    @Test
    void aMasterKnowsNothingOfSecrets() {
        String url = start(OPEN);
        assertEquals(new MasterProbe.SecretMissingThere(url), ask(url, SECRET));
    }

    @Test
    void nobodyListens() throws IOException {
        assertEquals(new MasterProbe.Unreachable("connection refused"), ask("spark://127.0.0.1:" + freePort(), SECRET));
    }

    @Test
    void aNameThatNobodyKnows() {
        assertEquals(
                new MasterProbe.Unreachable("this machine does not know the name of its host"),
                ask("spark://nowhere.invalid:7077", SECRET));
    }

    @Test
    void aMasterThatIsSilent() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertEquals(
                    new MasterProbe.Unreachable("no answer within 1 s"),
                    new MasterProbe(
                                    MasterUrl.parse("spark://127.0.0.1:" + silent.getLocalPort())
                                            .orElseThrow(),
                                    "127.0.0.1",
                                    SECRET,
                                    Duration.ofSeconds(1))
                            .ask());
        }
    }

    @Test
    void theFirstMasterThatAnswersCounts() throws IOException {
        int nobody = freePort();
        String url = start(SECRET);
        String both = "spark://127.0.0.1:" + nobody + "," + url.substring("spark://".length());
        assertEquals(
                url,
                assertInstanceOf(MasterProbe.Answered.class, ask(both, SECRET)).master());
        assertEquals(new MasterProbe.WrongSecret(url), ask(both, secret("wrong")));
        assertEquals(
                new MasterProbe.Unreachable(
                        "127.0.0.1:" + nobody + ": connection refused; 127.0.0.1:1: connection refused"),
                ask("spark://127.0.0.1:" + nobody + ",127.0.0.1:1", SECRET));
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
