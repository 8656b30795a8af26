package tinderbox;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tinderbox.job.dispatch.JobService;

/** Checks that packages import only what the table in CONTRIBUTING.md allows. */
class PackagesTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("tinderbox");

    /** The test tree has one class in each package under {@code tinderbox.planted} that breaks its rule. */
    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages("tinderbox.planted");

    private static final List<String> SPARK = List.of("org.apache.spark", "scala");
    private static final List<String> UNDERTOW = List.of("io.undertow", "org.xnio");

    /**
     * What each package may import besides itself and java.*. A name that is not a key of this table is an external
     * package with all its subpackages. {@code cli} and the root, which is the composition root, are not in it: they may
     * import everything, and nothing may import them.
     */
    private static final Map<String, List<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("common", List.of("org.slf4j")),
            Map.entry("client", List.of("json", "javax.net.ssl")),
            Map.entry("json", List.of("com.dslplatform.json")),
            Map.entry("cluster", join(SPARK, "common", "config", "store.files", "org.slf4j")),
            Map.entry("job", List.of("common")),
            Map.entry("metrics", List.of("common", "job", "io.prometheus.metrics")),
            Map.entry("job.log", List.of("common", "org.slf4j")),
            Map.entry("job.result", List.of("common", "job", "json")),
            Map.entry(
                    "job.result.read",
                    List.of("common", "job", "job.result", "json", "org.apache.parquet", "org.apache.hadoop.conf")),
            Map.entry(
                    "job.dispatch", List.of("common", "job", "job.log", "job.result", "job.result.read", "org.slf4j")),
            Map.entry(
                    "jobtype",
                    join(
                            SPARK,
                            "common",
                            "job",
                            "job.dispatch",
                            "job.log",
                            "job.result",
                            "jobtype.sql",
                            "jobtype.wordcount",
                            "dataset",
                            "org.slf4j")),
            Map.entry(
                    "jobtype.sql",
                    join(
                            SPARK,
                            "common",
                            "job",
                            "job.log",
                            "job.result",
                            "jobtype",
                            "dataset",
                            "dataset.hadoop",
                            "org.antlr.v4.runtime",
                            "com.fasterxml.jackson.core",
                            "com.univocity.parsers",
                            "org.apache.hadoop",
                            "org.slf4j")),
            Map.entry(
                    "jobtype.wordcount",
                    join(SPARK, "job", "job.log", "job.result", "jobtype", "dataset", "com.ibm.icu")),
            Map.entry(
                    "dataset",
                    List.of("common", "job", "org.apache.commons.compress", "com.github.luben.zstd", "org.slf4j")),
            Map.entry("dataset.hadoop", join(SPARK, "common", "job", "dataset", "org.apache.hadoop", "org.slf4j")),
            Map.entry(
                    "executor",
                    join(
                            SPARK,
                            "common",
                            "dataset",
                            "dataset.hadoop",
                            "job.log",
                            "job.result",
                            "org.apache.logging.log4j",
                            "org.slf4j")),
            Map.entry(
                    "spark",
                    join(
                            SPARK,
                            "cluster",
                            "common",
                            "executor",
                            "job",
                            "job.dispatch",
                            "job.log",
                            "job.result",
                            "jobtype",
                            "org.apache.hadoop.security",
                            "org.slf4j",
                            "org.apache.logging.log4j")),
            Map.entry(
                    "store",
                    List.of(
                            "common",
                            "job",
                            "job.dispatch",
                            "job.log",
                            "job.result",
                            "json",
                            "store.files",
                            "store.index",
                            "org.slf4j")),
            Map.entry(
                    "store.files", List.of("common", "job", "job.result", "json", "com.dslplatform.json", "org.slf4j")),
            Map.entry(
                    "store.index",
                    List.of(
                            "common",
                            "job",
                            "json",
                            "store.files",
                            "com.zaxxer.hikari",
                            "org.hsqldb",
                            "javax.sql",
                            "org.slf4j")),
            Map.entry("security.audit", List.of("common", "json", "org.slf4j")),
            Map.entry(
                    "security.auth",
                    List.of("common", "job", "json", "security.audit", "com.dslplatform.json", "org.slf4j")),
            Map.entry(
                    "http",
                    List.of(
                            "common",
                            "job",
                            "job.dispatch",
                            "http.access",
                            "http.api",
                            "http.events",
                            "http.server",
                            "metrics",
                            "security.audit",
                            "security.auth",
                            "dataset",
                            "org.slf4j")),
            Map.entry(
                    "http.message",
                    join(UNDERTOW, "common", "dataset", "job", "job.result.read", "json", "security.auth")),
            Map.entry(
                    "http.server",
                    join(
                            UNDERTOW,
                            "common",
                            "dataset",
                            "job",
                            "http.access",
                            "http.json",
                            "http.message",
                            "metrics",
                            "security.audit",
                            "security.auth",
                            "javax.net.ssl",
                            "com.dslplatform.json",
                            "org.slf4j")),
            Map.entry(
                    "http.access",
                    join(
                            UNDERTOW,
                            "common",
                            "json",
                            "http.message",
                            "security.auth",
                            "com.dslplatform.json",
                            "org.slf4j")),
            Map.entry("http.json", List.of("job", "job.log", "json", "preset", "com.dslplatform.json")),
            Map.entry("preset", List.of("job", "json", "store.files", "com.dslplatform.json", "org.slf4j")),
            Map.entry(
                    "http.events",
                    join(
                            UNDERTOW,
                            "common",
                            "job",
                            "job.dispatch",
                            "job.log",
                            "json",
                            "http.json",
                            "http.message",
                            "http.server",
                            "com.dslplatform.json",
                            "org.slf4j")),
            Map.entry(
                    "http.api",
                    List.of(
                            "io.undertow.util",
                            "common",
                            "dataset",
                            "job",
                            "job.dispatch",
                            "job.log",
                            "job.result",
                            "job.result.read",
                            "jobtype",
                            "json",
                            "http.events",
                            "http.json",
                            "http.message",
                            "http.server",
                            "metrics",
                            "preset",
                            "security.audit",
                            "security.auth",
                            "com.dslplatform.json")),
            Map.entry("config", List.of("common", "job.log", "security.auth", "javax.net.ssl")));

    private static List<String> join(List<String> some, String... more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }

    static Stream<String> packages() {
        return MAY_IMPORT.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void importsOnlyWhatTheTableAllows(String name) {
        assertDoesNotThrow(() -> rule("tinderbox", name).check(OURS));
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPlantedViolationIsFound(String name) {
        assertThrows(AssertionError.class, () -> rule("tinderbox.planted", name).check(PLANTED));
    }

    @Test
    void nothingImportsCli() {
        assertDoesNotThrow(() -> nothingImportsCli("tinderbox").check(OURS));
        assertThrows(
                AssertionError.class,
                () -> nothingImportsCli("tinderbox.planted").check(PLANTED));
    }

    private static ArchRule nothingImportsCli(String root) {
        return ArchRuleDefinition.noClasses()
                .that()
                .resideOutsideOfPackage(root + ".cli")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".cli");
    }

    /** Otherwise one of them could show the jobs of others; {@link JobService#seenBy} is for its caller. */
    @Test
    void handlersGetJobsOnlyForTheirCaller() {
        assertDoesNotThrow(() -> handlersAskFor("tinderbox").check(OURS));
        assertThrows(
                AssertionError.class, () -> handlersAskFor("tinderbox.planted").check(PLANTED));
    }

    private static ArchRule handlersAskFor(String root) {
        List<String> allowed = List.of("seenBy", "limits");
        return ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage(root + ".http.api")
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "it is a method of JobService other than " + allowed,
                        access -> access.getTargetOwner().isEquivalentTo(JobService.class)
                                && !allowed.contains(access.getTarget().getName())));
    }

    private static ArchRule rule(String root, String name) {
        List<String> allowed = new ArrayList<>(List.of("java..", root + "." + name));
        for (String other : MAY_IMPORT.get(name)) {
            allowed.add(MAY_IMPORT.containsKey(other) ? root + "." + other : other + "..");
        }
        return ArchRuleDefinition.classes()
                .that()
                .resideInAPackage(root + "." + name)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(String[]::new));
    }
}
