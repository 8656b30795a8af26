package tinderbox.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import tinderbox.common.LaunchCommand;
import tinderbox.common.MasterUrl;
import tinderbox.common.TrustedClock;
import tinderbox.security.auth.Tokens;

/** The conditions for a server that other machines can reach. */
public final class BindPolicy {
    private BindPolicy() {}

    /** Whether other machines can reach this address. */
    public static boolean isExposed(String host) {
        try {
            return !InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            // The server cannot listen on it either, but safety should not depend on that.
            return true;
        }
    }

    /** Whether this stands for all addresses of this machine, as {@code 0.0.0.0} does. */
    public static boolean isWildcard(String host) {
        try {
            return InetAddress.getByName(host).isAnyLocalAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The tokens of a server with this configuration. */
    public static Tokens tokens(Config config, Clock clock) {
        return new Tokens(
                config.dataDir(), isExposed(config.host()) || config.access().isPrivate(), clock);
    }

    /** An address of the cluster that other machines can reach; empty if there is none. */
    public static Optional<String> exposedByCluster(Config config) {
        Stream<String> masters =
                MasterUrl.parse(config.master()).map(MasterUrl::hosts).stream().flatMap(List::stream);
        Stream<String> driver =
                Stream.of(config.cluster().driverHost(), config.sparkConf().get("spark.driver.bindAddress"));
        return config.isLocal()
                ? Optional.empty()
                : Stream.concat(masters, driver)
                        .filter(Objects::nonNull)
                        .filter(BindPolicy::isExposed)
                        .findFirst();
    }

    /** The command that makes a cluster's secret. */
    public static String makeSecret(String file) {
        return "(umask 077; head -c 32 /dev/urandom | base64 >" + file + ")";
    }

    /** The problem of a cluster that other machines can reach at {@code host}, and that has no secret. */
    public static String withoutSecret(String host) {
        return host
                + " is an address that other machines reach: anyone who connects to a Spark cluster without a secret can"
                + " run programs on all of its machines; give " + Setting.CLUSTER_SECRET_FILE.flag()
                + " (make one with: " + makeSecret("cluster-secret") + " and copy it to all"
                + " machines), or confirm with " + Setting.INSECURE_CLUSTER.flag();
    }

    private static String createToken(Config config) {
        return ", so requests need a token, but there is none; create one with: " + LaunchCommand.text()
                + " token create --name NAME --role admin --data-dir " + config.dataDir();
    }

    /**
     * Ensures that nobody exposes a server by accident.
     *
     * @throws ConfigException with everything that is missing
     */
    public static void check(Config config) throws ConfigException {
        List<String> problems = new ArrayList<>();
        Tokens tokens = tokens(config, TrustedClock.of(config.dataDir(), Clock.systemUTC()));
        // A problem with the folder itself is reported when it is opened.
        if (Files.isDirectory(config.dataDir())) {
            tokens.problem()
                    .map(problem -> problem + " (the command is " + LaunchCommand.text() + " token …)")
                    .ifPresent(problems::add);
        }
        String reach = "--host " + config.host() + " lets other machines reach this server";
        boolean lacksToken = tokens.problem().isEmpty() && !tokens.anyValid();
        if (lacksToken && isExposed(config.host())) {
            problems.add(reach + createToken(config));
        } else if (lacksToken && config.access().isPrivate()) {
            problems.add(Setting.PRIVATE.flag() + " keeps the jobs of users apart" + createToken(config));
        }
        if (isExposed(config.host())) {
            if (config.access().tlsCert() == null && !config.access().insecureHttp()) {
                problems.add(reach + ", but without TLS, tokens and data cross the network unencrypted; give --tls-cert"
                        + " and --tls-key, or listen on 127.0.0.1 behind a proxy that speaks TLS, or confirm with"
                        + " --insecure-http");
            }
        }
        if (config.cluster().secretFile() == null && !config.cluster().insecure()) {
            exposedByCluster(config).map(BindPolicy::withoutSecret).ifPresent(problems::add);
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }
}
