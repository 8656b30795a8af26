package tinderbox.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The route table, read from its source. */
public final class RouteTable {
    private static final Path SOURCE = Path.of("src/main/java/tinderbox/http/api/Routes.java");
    private static final Pattern ROUTE = Pattern.compile(
            "(get|post|patch|delete|upload|events)\\(\\s*\"(/[^\"]+)\",([^\"]*?)((?:\"\\w+\"[,\\s]*)*)\\)");
    private static final Pattern NEEDS = Pattern.compile("\\.needs\\(Role\\.(\\w+)\\)");
    private static final Pattern NAME = Pattern.compile("\"(\\w+)\"");

    /**
     * A row.
     *
     * @param role in lower case; empty if the route is open
     * @param parameters the names of its query parameters
     */
    public record Row(String method, String path, String role, Set<String> parameters) {}

    private RouteTable() {}

    /** The rows, in the order of paths and methods. */
    public static Collection<Row> rows() {
        String source;
        try {
            source = Files.readString(SOURCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Row> rows = new TreeMap<>();
        List<MatchResult> routes = ROUTE.matcher(source).results().toList();
        for (int i = 0; i < routes.size(); i++) {
            MatchResult route = routes.get(i);
            int end = i + 1 < routes.size() ? routes.get(i + 1).start() : source.length();
            String method = method(route.group(1));
            Set<String> parameters = new TreeSet<>();
            NAME.matcher(route.group(4)).results().forEach(name -> parameters.add(name.group(1)));
            rows.put(
                    route.group(2) + " " + method,
                    new Row(
                            method,
                            route.group(2).replace("...}", "}"),
                            role(method, source.substring(route.end(), end)),
                            parameters));
        }
        return rows.values();
    }

    private static String method(String factory) {
        return switch (factory) {
            case "events" -> "GET";
            case "upload" -> "PUT";
            default -> factory.toUpperCase(Locale.ROOT);
        };
    }

    private static String role(String method, String rest) {
        if (rest.contains(".open()")) {
            return "";
        }
        Matcher needs = NEEDS.matcher(rest);
        if (needs.find()) {
            return needs.group(1).toLowerCase(Locale.ROOT);
        }
        return method.equals("GET") ? "viewer" : "submitter";
    }
}
