package tinderbox.http.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * Checks Host headers against DNS rebinding. A foreign page can make its own name resolve to this machine, and would then
 * share its origin with this server; but the browser still sends that name. Ports are not compared, because a proxy may
 * map them.
 */
final class HostRule {
    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9a-f:.]+]|[a-z0-9](?:[a-z0-9._-]{0,252}))(?::[0-9]{1,5})?");
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?:\\.(?!$)|$)){4}");

    private final Set<String> names;

    /** Allows these names, local names and every IP address. */
    HostRule(Collection<String> names) {
        this.names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Checks a Host header.
     *
     * @throws JobException {@link ErrorCode#MALFORMED_REQUEST} or {@link ErrorCode#FOREIGN_HOST}
     */
    void check(String authority) {
        Matcher matcher = AUTHORITY.matcher(authority.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new JobException(
                    ErrorCode.MALFORMED_REQUEST, "The Host header is malformed", "send the host and port of the URL");
        }
        String name = matcher.group(1);
        String host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (!isAllowed(host)) {
            throw new JobException(
                    ErrorCode.FOREIGN_HOST,
                    "This server does not accept the name in the Host header",
                    "use its IP address or localhost, or start it with --allowed-host and that name");
        }
    }

    private boolean isAllowed(String host) {
        return names.contains(host)
                || host.equals("localhost")
                || host.endsWith(".localhost")
                || IPV4.matcher(host).matches()
                || isIpv6(host);
    }

    private static boolean isIpv6(String host) {
        if (!host.startsWith("[")) {
            return false;
        }
        try {
            // In brackets it is an address or an exception; no name is resolved.
            InetAddress.getByName(host);
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
