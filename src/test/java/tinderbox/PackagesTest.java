package tinderbox;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The direction of the packages: the table in CONTRIBUTING.md, held. */
class PackagesTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("tinderbox");

    /** The test tree has one class in each package under {@code tinderbox.planted} that breaks its rule. */
    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages("tinderbox.planted");

    private static final List<String> SPARK = List.of("org.apache.spark", "scala.");

    /** What each package may import beside itself and java.*; a name with a dot in it is a foreign package. */
    private static final Map<String, List<String>> MAY_IMPORT = Map.of(
            "job", List.of("org.slf4j"),
            "json", List.of("com.dslplatform.json"),
            "jobtype", join(SPARK, "job", "dataset", "org.apache.hadoop", "com.ibm.icu", "org.slf4j"),
            "spark",
                    join(
                            SPARK,
                            "job",
                            "jobtype",
                            "org.apache.hadoop.security",
                            "org.slf4j",
                            "org.apache.logging.log4j"),
            "store",
                    List.of(
                            "job",
                            "json",
                            "com.dslplatform.json",
                            "com.zaxxer.hikari",
                            "org.hsqldb",
                            "javax.sql",
                            "org.slf4j"),
            "dataset", List.of("job", "org.apache.commons.compress", "com.github.luben.zstd", "org.slf4j"),
            "security", List.of("job", "json", "com.dslplatform.json", "org.slf4j"),
            "http",
                    List.of(
                            "job",
                            "jobtype",
                            "dataset",
                            "json",
                            "security",
                            "javax.net.ssl",
                            "com.dslplatform.json",
                            "io.undertow",
                            "org.xnio",
                            "org.slf4j"));

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

    private static ArchRule rule(String root, String name) {
        List<String> allowed = new ArrayList<>(List.of("java..", root + "." + name + ".."));
        for (String other : MAY_IMPORT.get(name)) {
            allowed.add(other.contains(".") ? other.replaceFirst("\\.?$", "..") : root + "." + other + "..");
        }
        return ArchRuleDefinition.classes()
                .that()
                .resideInAPackage(root + "." + name + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(String[]::new));
    }
}
