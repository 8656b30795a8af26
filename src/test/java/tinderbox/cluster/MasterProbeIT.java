package tinderbox.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.BlackHolePersistenceEngine;
import org.apache.spark.deploy.master.LeaderElectable;
import org.apache.spark.deploy.master.LeaderElectionAgent;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.master.PersistenceEngine;
import org.apache.spark.deploy.master.StandaloneRecoveryModeFactory;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.serializer.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tinderbox.common.MasterUrl;
import tinderbox.support.ServerLog;

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
        assertEquals(new MasterProbe.Answered(url, Map.of(), List.of()), ask(url, SECRET));
    }

    @Test
    void aMasterWithoutEncryptionAnswers() {
        String url = start(UNENCRYPTED);
        assertEquals(new MasterProbe.Answered(url, Map.of(), List.of()), ask(url, SECRET));
    }

    @Test
    void aMasterWithoutSecretsAnswersWhoHasNone() {
        String url = start(OPEN);
        assertEquals(new MasterProbe.Answered(url, Map.of(), List.of()), ask(url, OPEN));
    }

    @Test
    void aMasterThatHasNotBecomeTheLeaderIsStarting() {
        String url = start(Map.of(
                "spark.deploy.recoveryMode",
                "CUSTOM",
                "spark.deploy.recoveryMode.factory",
                NeverElected.class.getName()));
        assertEquals(new MasterProbe.Unreachable("it is starting"), ask(url, OPEN));
        String other = url + ",127.0.0.1:1";
        assertEquals(
                new MasterProbe.Unreachable(url.substring("spark://".length())
                        + ": it stands by for another master; 127.0.0.1:1: connection refused"),
                ask(other, OPEN));
    }

    /** Lets a master stand by for ever. Spark creates it by name. */
    public static final class NeverElected extends StandaloneRecoveryModeFactory {
        public NeverElected(SparkConf conf, Serializer serializer) {
            super(conf, serializer);
        }

        @Override
        public PersistenceEngine createPersistenceEngine() {
            return new BlackHolePersistenceEngine();
        }

        @Override
        public LeaderElectionAgent createLeaderElectionAgent(LeaderElectable master) {
            return new LeaderElectionAgent() {
                @Override
                public LeaderElectable masterInstance() {
                    return master;
                }

                @Override
                public void stop() {
                    // There is nothing to stop.
                }
            };
        }
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
    void settingsThatSparkRefuses() {
        String url = start(SECRET);
        Map<String, String> wrong = new HashMap<>(SECRET);
        wrong.put("spark.ssl.rpc.enabled", "true");
        assertInstanceOf(MasterProbe.Unreachable.class, ask(url, wrong));
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

    /** What else may listen at the address of a master. */
    enum Foreign {
        HTTP {
            @Override
            void serve(InputStream in, OutputStream out) throws IOException {
                in.read();
                out.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
                in.transferTo(OutputStream.nullOutputStream());
            }
        },
        ECHO {
            @Override
            void serve(InputStream in, OutputStream out) throws IOException {
                in.transferTo(out);
            }
        },
        GARBAGE {
            @Override
            void serve(InputStream in, OutputStream out) throws IOException {
                byte[] garbage = new byte[4096];
                new Random(1).nextBytes(garbage);
                out.write(garbage);
                in.transferTo(OutputStream.nullOutputStream());
            }
        },
        ZEROS {
            @Override
            void serve(InputStream in, OutputStream out) throws IOException {
                out.write(new byte[4096]);
                in.transferTo(OutputStream.nullOutputStream());
            }
        },
        END {
            @Override
            void serve(InputStream in, OutputStream out) throws IOException {
                in.read();
            }
        };

        abstract void serve(InputStream in, OutputStream out) throws IOException;

        /** Serves each connection until the socket is closed. */
        void serve(ServerSocket socket, Executor threads) {
            while (!socket.isClosed()) {
                try {
                    Socket connection = socket.accept();
                    threads.execute(() -> serve(connection));
                } catch (IOException e) {
                    // It is closed.
                }
            }
        }

        private void serve(Socket connection) {
            try (connection) {
                serve(connection.getInputStream(), connection.getOutputStream());
            } catch (IOException e) {
                // The other side has closed it.
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Foreign.class)
    void anotherProgramListensThere(Foreign foreign) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (ServerLog log = new ServerLog("org.apache.spark")) {
            try (ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
                threads.execute(() -> foreign.serve(socket, threads));
                String url = "spark://127.0.0.1:" + socket.getLocalPort();
                for (Map<String, String> settings : List.of(OPEN, SECRET)) {
                    assertEquals(
                            new MasterProbe.Unreachable(
                                    "what listens there does not answer as a Spark master of this version does"),
                            ask(url, settings));
                }
            }
            threads.shutdown();
            assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
            assertEquals(List.of(), log.lines());
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
