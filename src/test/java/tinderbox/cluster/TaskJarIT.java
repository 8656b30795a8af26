package tinderbox.cluster;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that executors get the classes that tasks need, all of them and no others. */
class TaskJarIT {
    private static final Path FAT_JAR = Path.of(System.getProperty("tinderbox.jar"));
    private static final Path CLASSES = Path.of("target", "classes");
    private static final int MAX_BYTES = 1 << 20;

    /** The packages from which tasks start: job types, file systems, and the plugin. */
    private static final List<String> ROOTS =
            List.of("tinderbox.jobtype.", "tinderbox.dataset.hadoop.", "tinderbox.executor.");

    /** JARs that every distribution of Spark 4.2 has; their versions are those in the pom. */
    private static final Pattern IN_SPARK =
            Pattern.compile("(spark-[a-z-]+_2\\.13|scala-library|hadoop-client-(api|runtime)"
                    + "|slf4j-api|log4j-(api|core)|commons-compress|zstd-jni|icu4j"
                    + "|antlr4-runtime|jackson-core|univocity-parsers)-[0-9].*\\.jar");

    private static final Pattern DEPENDENCY = Pattern.compile("^ +(\\S+) +-> (\\S+) +(.*)$", Pattern.MULTILINE);

    @TempDir
    private static Path folder;

    private static Path jar;
    private static Set<String> inJar;

    @BeforeAll
    static void takeFromTheFatJar() throws Exception {
        jar = folder.resolve("tasks.jar");
        try (JarFile fat = new JarFile(FAT_JAR.toFile());
                InputStream content = fat.getInputStream(fat.getEntry("META-INF/tinderbox-tasks.jar"))) {
            Files.copy(content, jar);
        }
        try (JarFile thin = new JarFile(jar.toFile())) {
            inJar = thin.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class"))
                    .map(TaskJarIT::className)
                    .collect(toSet());
            assertTrue(thin.getEntry("tinderbox-file-systems.xml") != null, "Hadoop needs its file systems");
        }
    }

    private static String className(String path) {
        return path.replaceFirst("\\.class$", "").replace('/', '.');
    }

    @Test
    void itIsSmall() throws Exception {
        assertTrue(Files.size(jar) <= MAX_BYTES, () -> "larger than " + MAX_BYTES + " bytes");
    }

    @Test
    void itHasExactlyTheClassesThatTasksNeed() throws Exception {
        Set<String> needed = needed(references(CLASSES), classesInBuild());
        assertEquals(Set.of(), without(needed, inJar), "missing in the includes of task-classes in the pom");
        assertEquals(Set.of(), without(inJar, needed), "needed by no task, but in the includes of task-classes");
    }

    @Test
    void whatItRefersToIsInItOrInThePlatform() throws Exception {
        assertEquals(Set.of(), strangers(references(jar), inJar));
    }

    @Test
    void aMissingClassIsFound() throws Exception {
        String taken = "tinderbox.dataset.ResolvedDataset";
        Set<String> fewer = new HashSet<>(inJar);
        assertTrue(fewer.remove(taken), "choose another class for this test");

        assertEquals(Set.of(taken), without(needed(references(CLASSES), classesInBuild()), fewer));
        assertFalse(strangers(references(jar), fewer).isEmpty());
    }

    @Test
    void aClassThatSparkDoesNotHaveIsFound() {
        Map<String, Set<String>> planted = Map.of(
                "tinderbox.jobtype.Planted",
                Set.of("com.dslplatform.json.DslJson", "java.lang.String", "scala.Option"));

        assertEquals(Set.of("com.dslplatform.json.DslJson"), strangers(planted, Set.of("tinderbox.jobtype.Planted")));
    }

    private static Set<String> classesInBuild() throws Exception {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            return files.map(file -> className(CLASSES.relativize(file).toString()))
                    .filter(name -> name.startsWith("tinderbox.") && !name.endsWith(".package-info"))
                    .filter(name -> Files.isRegularFile(CLASSES.resolve(name.replace('.', '/') + ".class")))
                    .collect(toSet());
        }
    }

    /** The classes of the root packages, and all of ours to which they lead. */
    private static Set<String> needed(Map<String, Set<String>> references, Set<String> ours) {
        Set<String> needed = new TreeSet<>();
        Deque<String> next = new ArrayDeque<>(ours.stream()
                .filter(name -> ROOTS.stream().anyMatch(name::startsWith))
                .toList());
        while (!next.isEmpty()) {
            String name = next.remove();
            if (ours.contains(name) && needed.add(name)) {
                next.addAll(references.getOrDefault(name, Set.of()));
            }
        }
        return needed;
    }

    /** The classes to which these refer and that an executor does not have. */
    private static Set<String> strangers(Map<String, Set<String>> references, Set<String> known) {
        return references.values().stream()
                .flatMap(Set::stream)
                .filter(name -> !known.contains(name) && !isInPlatform(name))
                .collect(toCollection(TreeSet::new));
    }

    private static boolean isInPlatform(String name) {
        if (name.startsWith("tinderbox.")) {
            return false;
        }
        try {
            Class<?> found = Class.forName(name, false, TaskJarIT.class.getClassLoader());
            CodeSource source = found.getProtectionDomain().getCodeSource();
            return source == null || isInPlatform(source.getLocation().toURI());
        } catch (ReflectiveOperationException | LinkageError | URISyntaxException e) {
            return false;
        }
    }

    private static boolean isInPlatform(URI location) {
        return location.getScheme().equals("jrt")
                || IN_SPARK.matcher(Path.of(location).getFileName().toString()).matches();
    }

    private static Set<String> without(Set<String> some, Set<String> others) {
        Set<String> rest = new TreeSet<>(some);
        rest.removeAll(others);
        return rest;
    }

    /** To which classes each class refers. */
    private static Map<String, Set<String>> references(Path classes) {
        StringWriter text = new StringWriter();
        StringWriter problems = new StringWriter();
        int exit = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(text),
                        new PrintWriter(problems),
                        "-verbose:class",
                        "-filter:none",
                        "--ignore-missing-deps",
                        "--multi-release",
                        "base",
                        classes.toString());
        assertEquals(0, exit, problems::toString);
        Matcher lines = DEPENDENCY.matcher(text.toString());
        Map<String, Set<String>> references = lines.results()
                .filter(line -> line.group(1).startsWith("tinderbox."))
                .collect(groupingBy(line -> line.group(1), mapping(line -> line.group(2), toSet())));
        assertTrue(references.size() > 100, text::toString);
        return references;
    }
}
