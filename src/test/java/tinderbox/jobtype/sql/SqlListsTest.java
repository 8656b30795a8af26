package tinderbox.jobtype.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.analysis.TableFunctionRegistry;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkSqlParser;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/** Everything that Spark has is in a list, as allowed or refused. If this fails after an upgrade, decide about what is new. */
class SqlListsTest {
    private static final String SPARK = "org.apache.spark.sql.";

    @Test
    void everyFunctionOfSparkIsAllowedOrRefused() {
        assertEquals(
                CollectionConverters.asJava(FunctionRegistry.builtin().listFunction()).stream()
                        .map(function -> function.funcName())
                        .collect(Collectors.toCollection(TreeSet::new)),
                SqlLists.FUNCTIONS.keySet());
        assertEquals(
                CollectionConverters.asJava(TableFunctionRegistry.builtin().listFunction()).stream()
                        .map(function -> function.funcName())
                        .collect(Collectors.toCollection(TreeSet::new)),
                SqlLists.TABLE_FUNCTIONS.keySet());
    }

    @Test
    void functionsThatReachOutsideAreRefused() {
        for (String name : List.of("reflect", "java_method", "try_reflect", "from_xml", "xpath", "current_user")) {
            assertFalse(SqlLists.FUNCTIONS.get(name).isEmpty(), name);
        }
    }

    @Test
    void everyExpressionOfSparkIsAllowedOrRefused() throws Exception {
        Set<String> listed = SqlLists.lines("expressions.txt").stream()
                .map(line -> line.startsWith("!") ? line.substring(1) : line)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> ofSpark = new TreeSet<>();
        for (Class<?> jar : List.of(Expression.class, SparkSqlParser.class, SparkSession.class)) {
            File file = new File(
                    jar.getProtectionDomain().getCodeSource().getLocation().toURI());
            try (var opened = new JarFile(file)) {
                opened.stream()
                        .map(entry -> entry.getName())
                        .filter(name -> name.endsWith(".class"))
                        .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
                        .filter(SqlListsTest::isExpression)
                        .map(name -> name.substring(SPARK.length()))
                        .map(name -> name.startsWith("catalyst.") ? name.substring("catalyst.".length()) : name)
                        .forEach(ofSpark::add);
            }
        }
        assertTrue(ofSpark.size() > 700, ofSpark.size() + " found");
        assertEquals(ofSpark, listed);
        assertTrue(SqlLists.allowsExpression(Invoke.class));
        assertFalse(SqlLists.allowsExpression(org.apache.spark.sql.catalyst.expressions.CallMethodViaReflection.class));
    }

    @Test
    void everyNodeInTheListsExists() throws Exception {
        for (String name : SqlLists.PARSED_NODES) {
            assertTrue(isNode(name), name);
        }
        for (String name : SqlLists.ANALYZED_NODES) {
            assertTrue(isNode(name), name);
        }
    }

    private static boolean isNode(String name) {
        return List.of(
                        "catalyst.plans.logical.",
                        "catalyst.analysis.",
                        "catalyst.expressions.",
                        "execution.datasources.")
                .stream()
                .anyMatch(folder -> isA(LogicalPlan.class, SPARK + folder + name));
    }

    private static boolean isExpression(String name) {
        return name.startsWith(SPARK) && isA(Expression.class, name);
    }

    private static boolean isA(Class<?> type, String name) {
        try {
            Class<?> named = Class.forName(name, false, type.getClassLoader());
            return type.isAssignableFrom(named) && !Modifier.isAbstract(named.getModifiers());
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
