package tinderbox.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.MasterUrl;
import tinderbox.config.ConfigException;

/** Waits for a master, for as long as it does not answer. */
public final class MasterWait {
    private static final Logger LOG = LoggerFactory.getLogger(MasterWait.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final MasterUrl master;
    private final Optional<String> host;
    private final Map<String, String> settings;

    /**
     * A wait that has not begun. The secret comes from the environment.
     *
     * @param host the address of this machine; empty for the one from which the master is reached
     * @param extra settings of the operator
     */
    public MasterWait(MasterUrl master, Optional<String> host, Map<String, String> extra) {
        this.master = master;
        this.host = host;
        this.settings = new HashMap<>(extra);
        String secret = System.getenv(ClusterSecret.VARIABLE);
        if (secret != null) {
            settings.put("spark.authenticate", "true");
            settings.put("spark.authenticate.secret", secret);
            settings.put("spark.network.crypto.enabled", "true");
        }
    }

    /**
     * Waits until a master answers.
     *
     * @return the address of this machine from which it is reached
     * @throws ConfigException if the secrets of both sides differ
     */
    public String await() throws ConfigException, InterruptedException {
        String last = "";
        while (true) {
            String reason;
            try {
                String address = host.isPresent() ? host.get() : master.localAddress();
                Optional<String> problem = ask(address);
                if (problem.isEmpty()) {
                    return address;
                }
                reason = problem.get();
            } catch (IOException e) {
                reason = e.getMessage();
            }
            if (!reason.equals(last)) {
                LOG.warn("The master {} does not answer ({}); the worker waits for it", master, reason);
                last = reason;
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }

    /** Why the master does not answer; empty if it does. */
    private Optional<String> ask(String address) throws ConfigException {
        MasterProbe.Answer answer = new MasterProbe(master, address, settings).ask();
        if (answer instanceof MasterProbe.Unreachable unreachable) {
            return Optional.of(unreachable.reason());
        }
        if (answer instanceof MasterProbe.SecretProblem problem) {
            throw new ConfigException(List.of(problem.text()));
        }
        return Optional.empty();
    }
}
