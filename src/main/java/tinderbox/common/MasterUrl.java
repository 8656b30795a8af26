package tinderbox.common;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The address of a cluster's master, or of several that stand in for one another: {@code spark://host:port,host:port}. */
public final class MasterUrl {
    private static final String SCHEME = "spark://";
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9a-fA-F:.]{2,45}])(?::(\\d{1,5}))");

    private final List<InetSocketAddress> masters;

    private MasterUrl(List<InetSocketAddress> masters) {
        this.masters = List.copyOf(masters);
    }

    /** Parses the text; empty if it is something else. */
    public static Optional<MasterUrl> parse(String text) {
        if (!text.startsWith(SCHEME)) {
            return Optional.empty();
        }
        List<Optional<InetSocketAddress>> parts = Arrays.stream(
                        text.substring(SCHEME.length()).split(",", -1))
                .map(MasterUrl::address)
                .toList();
        return parts.stream().allMatch(Optional::isPresent)
                ? Optional.of(
                        new MasterUrl(parts.stream().map(Optional::orElseThrow).toList()))
                : Optional.empty();
    }

    private static Optional<InetSocketAddress> address(String text) {
        Matcher matcher = HOST_AND_PORT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(matcher.group(2));
        return port < 1 || port > 65_535
                ? Optional.empty()
                : Optional.of(InetSocketAddress.createUnresolved(matcher.group(1), port));
    }

    /** The hosts of all masters. */
    public List<String> hosts() {
        return masters.stream().map(InetSocketAddress::getHostString).toList();
    }

    @Override
    public String toString() {
        return SCHEME
                + masters.stream()
                        .map(master -> master.getHostString() + ":" + master.getPort())
                        .collect(Collectors.joining(","));
    }

    /** One URL for each master. */
    public List<String> urls() {
        return masters.stream()
                .map(master -> SCHEME + master.getHostString() + ":" + master.getPort())
                .toList();
    }

    /**
     * The address of this machine from which a master is reached, in URL syntax; nothing is sent.
     *
     * @throws IOException if no master's name resolves, or there is no route to it
     */
    public String localAddress() throws IOException {
        IOException failure = null;
        for (InetSocketAddress master : masters) {
            InetSocketAddress resolved = new InetSocketAddress(master.getHostString(), master.getPort());
            if (resolved.isUnresolved()) {
                failure = new UnknownHostException("the name " + master.getHostString() + " does not resolve");
                continue;
            }
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(resolved);
                String address = socket.getLocalAddress().getHostAddress().replaceFirst("%.*", "");
                return address.contains(":") ? "[" + address + "]" : address;
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }
}
