package tinderbox.cluster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientBootstrap;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.netty.SparkTransportConf;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.apache.spark.network.util.TransportConf;
import org.apache.spark.rpc.RpcAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import tinderbox.common.Causes;
import tinderbox.common.ResourceShortage;

/**
 * Finds out why a master does not answer. Spark's RPC often hides the reason: the end of a refused connection overtakes
 * the refusal ("Outbox is stopped"). So this connects once more, without RPC, and reads the stack trace of the refusal,
 * which Spark sends along.
 */
final class MasterHandshake {
    private static final Logger LOG = LoggerFactory.getLogger(MasterHandshake.class);
    /** One sentence for all that other programs do, which may change with each connection. */
    private static final String FOREIGN = "what listens there does not answer as a Spark master of this version does";

    /** On the stack of every request to a server with authentication. */
    private static final String AUTHENTICATION = "AbstractAuthRpcHandler";
    /** On the stack of every request that has passed authentication, or met none. */
    private static final String RPC = "NettyRpcHandler";

    /** What a server that authenticates without encryption answers to one who encrypts. */
    private static final String NO_ENCRYPTION = "Expected SaslMessage";

    /** Whether to do without encryption if the server does. */
    private static final String FALLBACK = "spark.network.crypto.saslFallback";

    private final RpcAddress address;
    private final SparkConf conf;
    private final SecurityManager security;
    private final Duration timeout;

    MasterHandshake(RpcAddress address, SparkConf conf, SecurityManager security, Duration timeout) {
        this.address = address;
        this.conf = conf;
        this.security = security;
        this.timeout = timeout;
    }

    /** Explains why this master has not answered. */
    MasterProbe.Answer explain(String master, Throwable failure) {
        boolean secret = security.isAuthenticationEnabled();
        boolean silent = Causes.of(failure).anyMatch(TimeoutException.class::isInstance);
        Throwable refusal = silent ? null : connect(secret);
        String text = Causes.of(refusal == null ? failure : refusal)
                .map(String::valueOf)
                .collect(Collectors.joining("\n"));
        if (secret && text.contains(NO_ENCRYPTION) && !conf.getBoolean(FALLBACK, true)) {
            return new MasterProbe.Unreachable("it does not encrypt its connections; set"
                    + " spark.network.crypto.enabled=true for the master and the workers");
        }
        if (text.contains(AUTHENTICATION)) {
            return secret ? new MasterProbe.WrongSecret(master) : new MasterProbe.SecretMissingHere(master);
        }
        if (secret && text.contains(RPC)) {
            return new MasterProbe.SecretMissingThere(master);
        }
        return new MasterProbe.Unreachable(reason(refusal == null ? failure : refusal));
    }

    /** Connects and authenticates; returns why that fails, or null. */
    private Throwable connect(boolean secret) {
        SparkConf strict = conf.clone().set(FALLBACK, "false");
        TransportConf transport = SparkTransportConf.fromSparkConf(strict, "rpc", 1, Option.empty(), Option.empty());
        List<TransportClientBootstrap> bootstraps =
                secret ? List.of(new AuthClientBootstrap(transport, security.getSaslUser(), security)) : List.of();
        try (TransportContext context = new TransportContext(transport, new NoOpRpcHandler(), false);
                TransportClientFactory factory = context.createClientFactory(bootstraps);
                TransportClient client = factory.createClient(address.host(), address.port())) {
            if (!secret) {
                // A master that demands a secret refuses this before reading it.
                client.sendRpcSync(ByteBuffer.allocate(0), timeout.toMillis());
            }
            return null;
        } catch (IOException | RuntimeException e) {
            return e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        }
    }

    private String reason(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause : Causes.of(failure).toList()) {
            if (cause instanceof UnknownHostException) {
                return "this machine does not know the name of its host";
            }
            if (cause instanceof TimeoutException) {
                return "no answer within " + timeout.toSeconds() + " s";
            }
            root = cause;
        }
        if (root instanceof NoRouteToHostException) {
            return "no route to its host";
        }
        boolean connected = !(root instanceof ConnectException);
        if (connected
                && !(root instanceof Error)
                && ResourceShortage.of(failure).isEmpty()) {
            LOG.debug("No answer of a master", failure);
            return FOREIGN;
        }
        String text = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
        return !connected && text.endsWith("Connection refused")
                ? "connection refused"
                : root.getClass().getSimpleName() + ": " + text;
    }
}
