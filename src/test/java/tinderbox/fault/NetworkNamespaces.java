package tinderbox.fault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tinderbox.fault.ClusterSoak.SkippedException;

/**
 * Hosts with addresses of their own on this machine: network namespaces, which a bridge in the first one connects. Needs
 * root and the program {@code ip}; Linux only.
 */
final class NetworkNamespaces implements AutoCloseable {
    private static final String NETWORK = "10.213.77.";

    private final String prefix;
    private final int count;

    /** Hosts that exist, and whose names begin with this. */
    NetworkNamespaces(String prefix, int count) {
        this.prefix = prefix;
        this.count = count;
    }

    /** Creates hosts that reach one another, and nothing else. */
    static NetworkNamespaces create(int count) throws SkippedException {
        NetworkNamespaces hosts =
                new NetworkNamespaces("tinderbox-" + ProcessHandle.current().pid() + "-", count);
        // Also if the user ends the soak.
        Runtime.getRuntime().addShutdownHook(new Thread(hosts::close));
        try {
            hosts.create();
            return hosts;
        } catch (IOException e) {
            hosts.close();
            throw new SkippedException("this machine cannot have network namespaces: " + e.getMessage());
        }
    }

    private void create() throws IOException {
        for (int host = 0; host < count; host++) {
            run("netns", "add", name(host));
            run("-n", name(host), "link", "set", "lo", "up");
        }
        run("-n", name(0), "link", "add", "bridge", "type", "bridge");
        for (int host = 1; host < count; host++) {
            run(
                    "link",
                    "add",
                    "net",
                    "netns",
                    name(host),
                    "type",
                    "veth",
                    "peer",
                    "name",
                    cable(host),
                    "netns",
                    name(0));
            run("-n", name(0), "link", "set", cable(host), "master", "bridge");
            plug(host, true);
            open(host, "net");
        }
        open(0, "bridge");
    }

    private void open(int host, String device) throws IOException {
        run("-n", name(host), "address", "add", address(host) + "/24", "dev", device);
        run("-n", name(host), "link", "set", device, "up");
    }

    /** Plugs the cable of a host in, or pulls it out; not that of the first one. */
    void plug(int host, boolean in) throws IOException {
        run("-n", name(0), "link", "set", cable(host), in ? "up" : "down");
    }

    private static String cable(int host) {
        return "cable" + host;
    }

    private String name(int host) {
        return prefix + host;
    }

    /** What the names of all hosts begin with. */
    String prefix() {
        return prefix;
    }

    /** The address at which the others reach a host. */
    String address(int host) {
        return NETWORK + (host + 1);
    }

    /** The program that starts another one on a host, and becomes that. */
    List<String> program(int host) {
        return List.of("ip", "netns", "exec", name(host));
    }

    /** The local addresses of all sockets on a host that listen, as {@code address:port}, sorted. */
    List<String> listening(int host) throws IOException {
        return sockets(host, "-ltn").stream()
                .map(columns -> columns.get(3))
                .sorted()
                .toList();
    }

    /** The local and remote addresses of the open connections of a host that go to another one. */
    List<List<String>> connections(int host) throws IOException {
        return sockets(host, "-tn").stream()
                .map(columns -> columns.subList(3, 5))
                .filter(ends -> ends.get(1).startsWith(NETWORK) && !ends.get(1).startsWith(address(host) + ":"))
                .toList();
    }

    private List<List<String>> sockets(int host, String which) throws IOException {
        List<String> command = new ArrayList<>(program(host));
        command.addAll(List.of("ss", "-H", which));
        return output(command)
                .lines()
                // IPv4 in an IPv6 socket.
                .map(line -> line.replaceAll("\\[::ffff:([0-9.]+)]", "$1"))
                .map(line -> List.of(line.strip().split("\\s+", -1)))
                .toList();
    }

    private static void run(String... arguments) throws IOException {
        output(Stream.concat(Stream.of("ip"), Stream.of(arguments)).toList());
    }

    private static String output(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return output;
    }

    /** Removes the hosts. */
    @Override
    public void close() {
        for (int host = 0; host < count; host++) {
            try {
                run("netns", "delete", name(host));
            } catch (IOException e) {
                // It does not exist.
            }
        }
    }
}
