package tinderbox.support;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * Records every file that this process reads or writes, every address that it talks to, and every process that it starts,
 * whichever code does it: the JVM's flight recorder sees all of them.
 */
public final class JvmAudit implements AutoCloseable {
    private static final List<String> EVENTS =
            List.of("jdk.FileRead", "jdk.FileWrite", "jdk.SocketRead", "jdk.SocketWrite", "jdk.ProcessStart");

    private final Recording recording = new Recording();

    private JvmAudit() {}

    /** Records from now on. */
    public static JvmAudit start() {
        JvmAudit audit = new JvmAudit();
        for (String event : EVENTS) {
            audit.recording.enable(event).withoutThreshold().withStackTrace();
        }
        audit.recording.start();
        return audit;
    }

    /**
     * Ends the recording, and returns what was not allowed, each with the code that did it.
     *
     * @param files those that may be read and written
     * @param forbiddenPort of this machine; no other machine may be talked to at all
     */
    public Set<String> violations(Predicate<Path> files, int forbiddenPort) throws IOException {
        recording.stop();
        Path file = Files.createTempFile("audit", ".jfr");
        try {
            recording.dump(file);
            Set<String> violations = new TreeSet<>();
            try (RecordingFile events = new RecordingFile(file)) {
                while (events.hasMoreEvents()) {
                    RecordedEvent event = events.readEvent();
                    String what = violation(event, files, forbiddenPort);
                    if (what != null) {
                        violations.add(what + " by " + code(event));
                    }
                }
            }
            return violations;
        } finally {
            Files.delete(file);
        }
    }

    private static String violation(RecordedEvent event, Predicate<Path> files, int forbiddenPort) throws IOException {
        String type = event.getEventType().getName();
        if (type.startsWith("jdk.File")) {
            String path = event.getString("path");
            return path == null || files.test(Path.of(path)) ? null : type + " " + path;
        }
        if (type.startsWith("jdk.Socket")) {
            String address = event.getString("address");
            int port = event.getInt("port");
            boolean isAllowed = port != forbiddenPort
                    && (address == null
                            || address.isEmpty()
                            || InetAddress.getByName(address).isLoopbackAddress());
            return isAllowed ? null : type + " " + address + " port " + port;
        }
        return type + " " + event.getString("command");
    }

    private static String code(RecordedEvent event) {
        return event.getStackTrace() == null
                ? "unknown code"
                : event.getStackTrace().getFrames().stream()
                        .map(frame -> frame.getMethod().getType().getName() + "."
                                + frame.getMethod().getName())
                        .filter(name -> !name.startsWith("java."))
                        .limit(8)
                        .collect(Collectors.joining(" < "));
    }

    /** The folders and JARs that the JVM loads classes from. */
    public static List<Path> classPath() {
        List<Path> paths = new ArrayList<>();
        paths.add(Path.of(System.getProperty("java.home")));
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)) {
            paths.add(Path.of(entry).toAbsolutePath());
        }
        return paths;
    }

    @Override
    public void close() {
        recording.close();
    }
}
