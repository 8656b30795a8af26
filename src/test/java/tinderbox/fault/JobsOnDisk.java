package tinderbox.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/** Checks the job folders of a data dir without the server's code, while no server runs. */
final class JobsOnDisk {
    private final Set<String> duplicated = new TreeSet<>();
    private final Set<String> incomplete = new TreeSet<>();
    private final Set<String> complete = new TreeSet<>();

    /** Checks every job. A result that was complete before is not read again. */
    void check(Path dataDir) {
        Map<String, Path> folderOf = new HashMap<>();
        Map<String, String> jobOfKey = new HashMap<>();
        try {
            for (Path parent : parents(dataDir)) {
                for (Path folder : children(parent)) {
                    String id = folder.getFileName().toString();
                    if (folderOf.putIfAbsent(id, folder) != null) {
                        duplicated.add(id);
                    }
                    Path request = folder.resolve("request.json");
                    Object key = Files.exists(request) ? json(request).get("idempotency_key") : null;
                    if (key != null && jobOfKey.putIfAbsent(key.toString(), id) != null) {
                        duplicated.add(id);
                    }
                    if (!parent.endsWith("active") && !complete.contains(id)) {
                        (isComplete(folder) ? complete : incomplete).add(id);
                    }
                }
            }
        } catch (IOException | MalformedJsonException e) {
            throw new AssertionError("a crash must not leave unreadable files", e);
        }
    }

    private static List<Path> parents(Path dataDir) throws IOException {
        return Stream.concat(Stream.of(dataDir.resolve("active")), children(dataDir.resolve("ended")).stream())
                .toList();
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }

    private static Map<String, Object> json(Path file) throws IOException, MalformedJsonException {
        return Json.readObject(Files.readAllBytes(file));
    }

    /** Whether an ended job has exactly the expected result. */
    private static boolean isComplete(Path folder) throws IOException, MalformedJsonException {
        Path result = folder.resolve("result");
        if (!"SUCCEEDED".equals(json(folder.resolve("outcome.json")).get("state"))) {
            return !Files.exists(result);
        }
        if (!Files.exists(result.resolve("manifest.json"))) {
            return false;
        }
        Map<String, Object> manifest = json(result.resolve("manifest.json"));
        boolean matches = folder.getFileName().toString().equals(manifest.get("job_id"))
                && JobClient.CSV.lines().count() - 1 == (Long) manifest.get("rows")
                && JobClient.CSV.equals(Files.readString(result.resolve("data.csv")));
        for (Object entry : (List<?>) manifest.get("files")) {
            Map<?, ?> file = (Map<?, ?>) entry;
            byte[] content = Files.readAllBytes(result.resolve(file.get("name").toString()));
            matches &= content.length == (Long) file.get("bytes")
                    && sha256(content).equals(file.get("sha256"));
        }
        return matches;
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Ids of jobs that exist twice, by id or by idempotency key. */
    Set<String> duplicated() {
        return duplicated;
    }

    /** Ids of jobs whose result does not match their outcome. */
    Set<String> incomplete() {
        return incomplete;
    }
}
