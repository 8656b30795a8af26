package tinderbox.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The file from which a JVM takes the classes of a start, rather than from the JAR: a class-data-sharing archive, from
 * JDK 25 on an AOT cache. It fits one JAR and one JDK. A JVM passes over one that does not fit, but crashes with one that
 * is cut short; so its name carries the JDK's version, the JAR's size and time, and its own size, and one that is not
 * what it says is not used. {@code run.sh} looks for the same name.
 */
final class CdsArchive {
    private static final boolean AOT = Runtime.version().feature() >= 25;
    private static final String ENDING = AOT ? ".aot" : ".jsa";

    private final Path jar;
    private final Path chosen;

    private CdsArchive(Path jar, Path chosen) {
        this.jar = jar;
        this.chosen = chosen;
    }

    /** Beside this JAR. */
    static CdsArchive beside(Path jar) {
        return new CdsArchive(jar, null);
    }

    /** In a file of the user's choice. */
    static CdsArchive in(Path file, Path jar) {
        return new CdsArchive(jar, file.toAbsolutePath());
    }

    /** The JAR that this code comes from. */
    static Path runningJar() throws IOException {
        try {
            Path code = Path.of(CdsArchive.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (!Files.isRegularFile(code)) {
                throw new IOException("an archive is made for a JAR, and this runs from " + code);
            }
            return code;
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** The JAR it is for. */
    Path jar() {
        return jar;
    }

    /** The folder it is in. */
    Path folder() {
        return (chosen == null ? jar : chosen).toAbsolutePath().getParent();
    }

    /** The file, where it is there and whole; one of the user's choice is always made anew. */
    Optional<Path> find() throws IOException {
        if (chosen != null) {
            return Optional.empty();
        }
        Pattern name = Pattern.compile(Pattern.quote(stem()) + "\\.\\d+" + Pattern.quote(ENDING));
        for (Path file : siblings(name)) {
            if (file.equals(fileOf(Files.size(file)))) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /** Where it lies when it has this size. */
    Path fileOf(long size) throws IOException {
        return chosen == null ? folder().resolve(stem() + "." + size + ENDING) : chosen;
    }

    private String stem() throws IOException {
        return jarName() + System.getProperty("java.runtime.version") + identity();
    }

    private String jarName() {
        return jar.getFileName().toString().replaceFirst("\\.jar$", "") + "-";
    }

    private String identity() throws IOException {
        return "-" + Files.size(jar) + "-" + Files.getLastModifiedTime(jar).to(TimeUnit.SECONDS);
    }

    private List<Path> siblings(Pattern name) throws IOException {
        try (Stream<Path> all = Files.list(folder())) {
            return all.filter(
                            file -> name.matcher(file.getFileName().toString()).matches())
                    .toList();
        }
    }

    /** Deletes what was made beside the JAR for one that stood in its place; another JDK's stays. */
    void deleteStale() throws IOException {
        Pattern ours = Pattern.compile(Pattern.quote(jarName()) + "\\d.*-\\d+-\\d+\\.\\d+\\.(aot|jsa)");
        Pattern current = Pattern.compile(".*" + Pattern.quote(identity()) + "\\.\\d+\\.\\w+");
        for (Path file : siblings(ours)) {
            if (!current.matcher(file.getFileName().toString()).matches()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** The options that make the archive in this file, when the JVM that has them ends. */
    static List<String> makingOptions(Path made) {
        return List.of((AOT ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + made);
    }

    /** The options that use the archive in this file, and say nothing where the JVM cannot. */
    static List<String> usingOptions(Path file) {
        return AOT
                ? List.of("-XX:AOTCache=" + file, "-Xlog:aot*=off", "-Xlog:cds*=off")
                : List.of("-XX:SharedArchiveFile=" + file, "-Xlog:cds*=off");
    }
}
