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
 * A file from which a JVM loads the classes of a start faster than from the JAR: a class data sharing archive or, from JDK
 * 25 on, an AOT cache. It fits one JAR and one JDK. A JVM ignores an archive that does not fit, but crashes with one that
 * is truncated. So the name contains the JDK's version, the size and time of the JAR, and the size of the archive itself;
 * a file that does not match its name is not used. {@code run.sh} looks for the same name.
 */
final class CdsArchive {
    private static final boolean AOT = Runtime.version().feature() >= 25;
    private static final String EXTENSION = AOT ? ".aot" : ".jsa";

    private final Path jar;
    private final Path chosen;

    private CdsArchive(Path jar, Path chosen) {
        this.jar = jar;
        this.chosen = chosen;
    }

    /** The archive next to a JAR. */
    static CdsArchive nextTo(Path jar) {
        return new CdsArchive(jar, null);
    }

    /** The archive in a file that the user chose. */
    static CdsArchive in(Path file, Path jar) {
        return new CdsArchive(jar, file.toAbsolutePath());
    }

    /** The JAR that this code was loaded from. */
    static Path runningJar() throws IOException {
        try {
            Path code = Path.of(CdsArchive.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (!Files.isRegularFile(code)) {
                throw new IOException("an archive needs a JAR, and this runs from " + code);
            }
            return code;
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    Path jar() {
        return jar;
    }

    Path folder() {
        return (chosen == null ? jar : chosen).toAbsolutePath().getParent();
    }

    /** The file, if it exists and is complete. Empty for a file that the user chose: it is always created again. */
    Optional<Path> find() throws IOException {
        if (chosen != null) {
            return Optional.empty();
        }
        Pattern name = Pattern.compile(Pattern.quote(stem()) + "\\.\\d+" + Pattern.quote(EXTENSION));
        for (Path file : siblings(name)) {
            if (file.equals(fileOf(Files.size(file)))) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /** The path of an archive of this size. */
    Path fileOf(long size) throws IOException {
        return chosen == null ? folder().resolve(stem() + "." + size + EXTENSION) : chosen;
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

    /** Deletes archives of earlier JARs with the same name. Those of other JDKs stay. */
    void deleteStale() throws IOException {
        Pattern archives = Pattern.compile(Pattern.quote(jarName()) + "\\d.*-\\d+-\\d+\\.\\d+\\.(aot|jsa)");
        Pattern current = Pattern.compile(".*" + Pattern.quote(identity()) + "\\.\\d+\\.\\w+");
        for (Path file : siblings(archives)) {
            if (!current.matcher(file.getFileName().toString()).matches()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** The options for a JVM to write the archive to this file when it exits. */
    static List<String> optionsToCreate(Path file) {
        return List.of((AOT ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + file);
    }

    /** The options for a JVM to use the archive in this file, and to start silently without it if it cannot. */
    static List<String> optionsToUse(Path file) {
        return AOT
                ? List.of("-XX:AOTCache=" + file, "-Xlog:aot*=off", "-Xlog:cds*=off")
                : List.of("-XX:SharedArchiveFile=" + file, "-Xlog:cds*=off");
    }
}
