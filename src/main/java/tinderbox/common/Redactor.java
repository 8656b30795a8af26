package tinderbox.common;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Removes from texts for users what identifies this machine. Known folders are replaced by the names that users know, such
 * as that of a root; other absolute paths are reduced to their last part; names and addresses of the machine become {@code
 * localhost}. A path counts as absolute only if its first folder exists, so {@code GET /api/v1/jobs} does not change.
 */
public final class Redactor {
    /** Changes nothing. */
    public static final Redactor NONE = new Redactor(Map.of(), Set.of(), Set.of());

    private static final String LOCALHOST = "localhost";
    private static final String FILE = "file:";
    /** The addresses of datasets. */
    private static final String DATASET = "tb:";

    /** Spark writes this after the host on which a task ran. */
    private static final String EXECUTOR = " executor driver";

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    /** A host name that could be any word counts only next to an address, port, executor, user or scheme. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z]+");

    /** Names of folders by their paths, the longest first, so that a nested folder precedes its parent. */
    private final Map<String, String> folders;

    private final Set<String> topFolders;
    private final List<String> hosts;

    /**
     * Hides these folders and hosts.
     *
     * @param folders the names that users know, by absolute path
     * @param topFolders names of the folders directly in {@code /}
     * @param hosts names and addresses
     */
    Redactor(Map<Path, String> folders, Set<String> topFolders, Set<String> hosts) {
        this.folders = new TreeMap<>(
                Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        folders.forEach((path, name) -> {
            for (Path spelling : spellings(path)) {
                if (spelling.getNameCount() > 0) {
                    this.folders.put(spelling.toString(), name);
                    this.folders.put(withoutTrailingSlash(spelling.toUri().getRawPath()), name);
                    this.folders.put(uriPath(spelling), name);
                }
            }
        });
        this.topFolders = Set.copyOf(topFolders);
        // Plain words first, because they are recognized by the address that follows.
        this.hosts = hosts.stream()
                .flatMap(host -> Stream.of(host, compressed(host)).distinct())
                .sorted(Comparator.comparing((String host) -> !isWord(host))
                        .thenComparing(Comparator.comparingInt(String::length).reversed()))
                .toList();
    }

    /** Hides this machine. If two entries have the same path, the first counts. */
    public static Redactor ofThisMachine(Map<Path, String> folders) {
        Map<Path, String> all = new LinkedHashMap<>(folders);
        all.putIfAbsent(Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath(), "(temp)");
        all.putIfAbsent(Path.of(System.getProperty("java.home")).toAbsolutePath(), "(java)");
        for (String jar : System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)) {
            if (jar.endsWith(".jar")) {
                Path path = Path.of(jar).toAbsolutePath().normalize();
                all.putIfAbsent(path, path.getFileName().toString());
            }
        }
        return new Redactor(all, topFolders(), hosts());
    }

    /**
     * Hides the folders of this machine, but not its names and addresses. If two entries have the same path, the first
     * counts.
     */
    public static Redactor ofFolders(Map<Path, String> folders) {
        Map<Path, String> all = new LinkedHashMap<>(folders);
        all.putIfAbsent(Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath(), "(temp)");
        all.putIfAbsent(Path.of(System.getProperty("java.home")).toAbsolutePath(), "(java)");
        return new Redactor(all, topFolders(), Set.of());
    }

    /** The path as written, and with links resolved. */
    private static Collection<Path> spellings(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            return Stream.of(absolute, absolute.toRealPath()).distinct().toList();
        } catch (IOException e) {
            return List.of(absolute);
        }
    }

    /** The path as Hadoop writes it: spaces are escaped, non-ASCII letters are not. */
    private static String uriPath(Path path) {
        try {
            return new URI("file", null, path.toString(), null).getRawPath();
        } catch (URISyntaxException e) {
            return path.toString();
        }
    }

    private static String withoutTrailingSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static Set<String> topFolders() {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> top = Files.newDirectoryStream(Path.of("/"), Files::isDirectory)) {
            top.forEach(folder -> names.add(folder.getFileName().toString()));
        } catch (IOException e) {
            // Only the known folders are hidden then.
        }
        return names;
    }

    private static Set<String> hosts() {
        Set<String> hosts = new HashSet<>();
        try {
            hosts.add(Files.readString(HOST_NAME).strip());
        } catch (IOException e) {
            // Not every system has this file.
        }
        String name = System.getenv("HOSTNAME");
        hosts.add(name == null ? "" : name);
        try (Stream<NetworkInterface> all = NetworkInterface.networkInterfaces()) {
            all.flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress())
                    .map(InetAddress::getHostAddress)
                    .forEach(address -> hosts.add(address.replaceFirst("%.*", "")));
        } catch (SocketException e) {
            // A machine without a network has no address to hide.
        }
        hosts.removeAll(Set.of("", LOCALHOST));
        return hosts;
    }

    /** An IPv6 address with {@code ::} for its longest run of zeros, as most programs write it; other texts unchanged. */
    private static String compressed(String host) {
        List<String> groups = List.of(host.split(":", -1));
        int longest = 0;
        int at = 0;
        for (int from = 0; from < groups.size(); from++) {
            int end = from;
            while (end < groups.size() && groups.get(end).equals("0")) {
                end++;
            }
            if (end - from > longest) {
                longest = end - from;
                at = from;
            }
        }
        return longest < 2
                ? host
                : String.join(":", groups.subList(0, at)) + "::"
                        + String.join(":", groups.subList(at + longest, groups.size()));
    }

    /** The text as users may see it. */
    public String apply(String text) {
        String result = text.indexOf('/') < 0 ? text : withoutPaths(text);
        for (String host : hosts) {
            if (result.contains(host)) {
                result = replaceHost(result, host);
            }
        }
        return result;
    }

    private String withoutPaths(String text) {
        StringBuilder result = new StringBuilder(text.length());
        int done = 0;
        for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', Math.max(slash + 1, done))) {
            int begin = slash;
            while (begin + 1 < text.length() && text.charAt(begin + 1) == '/') {
                begin++;
            }
            int scheme = schemeBefore(text, slash);
            boolean insideName = slash > 0 && text.charAt(slash - 1) != '=' && isPartOfName(text.charAt(slash - 1));
            if (scheme == slash && (insideName || text.startsWith(DATASET, slash - DATASET.length()))) {
                slash = begin;
                continue;
            }
            String known = knownFolder(text, begin);
            int end = known == null ? endOfFolders(text, begin) : begin + known.length();
            if (end > begin) {
                result.append(text, done, scheme);
                result.append(known == null ? "" : folders.get(known));
                done = end;
                slash = end - 1;
            } else {
                slash = begin;
            }
        }
        return done == 0 ? text : result.append(text, done, text.length()).toString();
    }

    /** The start of the {@code file:} scheme, with or without a host, before the path at {@code slash}; or {@code slash}. */
    private static int schemeBefore(String text, int slash) {
        int host = slash;
        while (host > 0 && isPartOfName(text.charAt(host - 1))) {
            host--;
        }
        if (text.startsWith(FILE + "//", host - FILE.length() - 2)) {
            return host - FILE.length() - 2;
        }
        return text.startsWith(FILE, slash - FILE.length()) ? slash - FILE.length() : slash;
    }

    /** The path of a known folder at {@code begin}, or null. */
    private String knownFolder(String text, int begin) {
        for (String path : folders.keySet()) {
            int end = begin + path.length();
            if (text.startsWith(path, begin) && (end == text.length() || !isPartOfName(text.charAt(end)))) {
                return path;
            }
        }
        return null;
    }

    /** The index after the last slash of an absolute path at {@code begin}; {@code begin} if there is none. */
    private int endOfFolders(String text, int begin) {
        int next = text.indexOf('/', begin + 1);
        if (next < 0 || !topFolders.contains(text.substring(begin + 1, next))) {
            return begin;
        }
        int end = next + 1;
        for (int i = end; i < text.length() && (isPartOfName(text.charAt(i)) || text.charAt(i) == '/'); i++) {
            if (text.charAt(i) == '/') {
                end = i + 1;
            }
        }
        return end;
    }

    private static boolean isPartOfName(char c) {
        return Character.isLetterOrDigit(c) || "_-.~%@+$=".indexOf(c) >= 0;
    }

    private static String replaceHost(String text, String host) {
        StringBuilder result = new StringBuilder(text.length());
        boolean word = isWord(host);
        int done = 0;
        for (int at = text.indexOf(host); at >= 0; at = text.indexOf(host, at + host.length())) {
            int end = at + host.length();
            boolean whole = (at == 0 || !isPartOfHost(text.charAt(at - 1), host))
                    && (end == text.length() || !isPartOfHost(text.charAt(end), host) || endsSentence(text, end));
            if (whole && (!word || isHostByContext(text, at, end))) {
                result.append(text, done, at).append(LOCALHOST);
                done = host.indexOf(':') >= 0 ? afterZone(text, end) : end;
            }
        }
        return result.append(text, done, text.length()).toString();
    }

    /** The index after the name of a network interface, which may follow an IPv6 address. */
    private static int afterZone(String text, int from) {
        int end = from;
        if (end < text.length() && text.charAt(end) == '%') {
            end++;
            while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
                end++;
            }
        }
        return end;
    }

    private static boolean isWord(String host) {
        return WORD.matcher(host).matches();
    }

    private static boolean isPartOfHost(char c, String host) {
        return Character.isLetterOrDigit(c) || c == '-' || c == '.' || (c == ':' && host.indexOf(':') >= 0);
    }

    private static boolean endsSentence(String text, int dot) {
        return text.charAt(dot) == '.'
                && (dot + 1 == text.length() || !Character.isLetterOrDigit(text.charAt(dot + 1)));
    }

    private static boolean isHostByContext(String text, int at, int end) {
        boolean before = at > 0 && (text.charAt(at - 1) == '@' || text.startsWith("//", at - 2));
        boolean after = end + 1 < text.length()
                && (text.charAt(end) == '/' || text.charAt(end) == ':')
                && Character.isDigit(text.charAt(end + 1));
        return before || after || text.startsWith(EXECUTOR, end);
    }
}
