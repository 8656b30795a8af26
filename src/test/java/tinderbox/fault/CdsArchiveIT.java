package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The CDS archive that makes a start faster: created and used by the real JAR, and harmless if it does not match. */
class CdsArchiveIT {
    private static final Pattern OPTION = Pattern.compile("'(-X[^']+)'");

    @TempDir
    private static Path folder;

    private static Path archive;
    private static final List<String> OPTIONS = new ArrayList<>();

    @TempDir
    private Path base;

    @BeforeAll
    static void createArchive() throws Exception {
        archive = folder.resolve("archive");
        // As after a power cut in the middle of this.
        Files.writeString(Files.createDirectory(work(folder)).resolve("archive"), "half an archive");
        String output = run(List.of(), "warm", archive.toString());
        Matcher option = OPTION.matcher(output);
        while (option.find()) {
            OPTIONS.add(option.group(1));
        }
        assertTrue(output.contains(archive.toString()), output);
    }

    @Test
    void onlyTheArchiveIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(archive), left.toList());
        }
    }

    /** As if two servers started at the same time. */
    @Test
    void onlyOneProcessCreatesAnArchive() throws Exception {
        Path lock = Files.createDirectory(work(base)).resolve("lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.lock();
            String output = run(1, List.of(), "warm", base.resolve("archive").toString());
            assertTrue(output.contains("another process is creating one in " + work(base)), output);
        }
        assertFalse(Files.exists(base.resolve("archive")));
    }

    @Test
    void aServerRunsFromTheArchive() {
        Path loaded = base.resolve("loaded");
        try (ServerProcess server = ServerProcess.on(base.resolve("data"))
                .withProductionJvm()
                .jvm("-Xlog:class+load:file=" + loaded)
                .jvm(quiet())
                .jvm(OPTIONS.toArray(String[]::new))
                .with(JobClient.rootOption(base))
                .start()) {
            Map<String, Object> job =
                    server.apiClient().awaitEnd(JobClient.submitAccepted(server.apiClient(), null, 0));
            assertEquals("SUCCEEDED", job.get("status"));
        }
        assertTrue(fromArchive(loaded));
    }

    @Test
    void theArchiveIsUsedSilently() throws Exception {
        assertSilent(archive);
    }

    @Test
    void aFileThatIsNotAnArchiveIsIgnoredSilently() throws Exception {
        assertSilent(Files.writeString(base.resolve("foreign"), "a letter to a friend\n".repeat(1000)));
    }

    @Test
    void aMissingArchiveIsIgnoredSilently() throws Exception {
        assertSilent(base.resolve("absent"));
    }

    @Test
    void anotherGarbageCollectorIsHarmless() throws Exception {
        assertSilent(archive, "-XX:+UseParallelGC");
    }

    @Test
    void uncompressedPointersAreHarmless() throws Exception {
        assertSilent(archive, "-XX:-UseCompressedOops");
    }

    /** The JVM would print warnings about the archive before the first line of the program. */
    private static void assertSilent(Path used, String... more) throws Exception {
        List<String> options = new ArrayList<>(List.of(more));
        OPTIONS.forEach(option -> options.add(option.replace(archive.toString(), used.toString())));
        List<String> output = run(options, "--version").lines().toList();
        assertEquals(1, output.size(), output.toString());
        assertTrue(output.get(0).startsWith("Tinderbox "), output.toString());
    }

    private static Path work(Path folder) {
        return folder.resolve("tinderbox-warm");
    }

    private static String run(List<String> options, String... arguments) throws Exception {
        return run(0, options, arguments);
    }

    private static String run(int status, List<String> options, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-jar", ServerProcess.jar().toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(status, process.waitFor(), output);
        return output;
    }

    /** As in run.sh. */
    private static String[] quiet() {
        return Runtime.version().feature() >= 24
                ? new String[] {"--sun-misc-unsafe-memory-access=allow"}
                : new String[0];
    }

    private static boolean fromArchive(Path loaded) {
        try (Stream<String> lines = Files.lines(loaded)) {
            return lines.anyMatch(line -> line.contains("tinderbox.Server source: shared objects file"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
