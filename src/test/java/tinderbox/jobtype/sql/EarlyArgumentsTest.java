package tinderbox.jobtype.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.expressions.RuntimeReplaceable;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Finds out of which functions Spark computes constant arguments on a thread that nothing can interrupt: while it resolves
 * names, or while it writes code for tasks.
 */
class EarlyArgumentsTest {
    private static final List<DataType> TYPES = List.of(
            DataTypes.StringType,
            DataTypes.IntegerType,
            DataTypes.DoubleType,
            DataTypes.createArrayType(DataTypes.IntegerType),
            DataTypes.BinaryType);

    private static final int MAX_ARGUMENTS = 3;

    /** The arguments that were computed since it was cleared, by their places. */
    private static final Set<Integer> COMPUTED = new TreeSet<>();

    /** A constant that notes when it is computed. */
    private static Expression probe(int place, DataType type) {
        return new StaticInvoke(
                EarlyArgumentsTest.class,
                type,
                "compute",
                CollectionConverters.asScala(List.<Expression>of(Literal$.MODULE$.apply(place)))
                        .toSeq(),
                CollectionConverters.asScala(List.<AbstractDataType>of()).toSeq(),
                false,
                true,
                true,
                Option.empty());
    }

    /** Called by Spark. */
    public static Object compute(int place) {
        COMPUTED.add(place);
        return null;
    }

    @Test
    void everyEarlyArgumentIsKnown() {
        Set<String> unknown = new TreeSet<>();
        int usable = 0;
        for (Map.Entry<String, String> function : SqlLists.FUNCTIONS.entrySet()) {
            boolean isUsable = false;
            for (int n = 1; n <= MAX_ARGUMENTS && function.getValue().isEmpty(); n++) {
                isUsable |= probe(function.getKey(), n, unknown);
            }
            usable += isUsable ? 1 : 0;
        }
        assertEquals(Set.of(), unknown);
        assertTrue(usable > 250, usable + " functions could be used");
    }

    /** Uses a function with so many arguments of all combinations of types; returns whether it takes one of them. */
    private static boolean probe(String name, int arguments, Set<String> unknown) {
        boolean isUsable = false;
        int combinations = (int) Math.pow(TYPES.size(), arguments);
        for (int combination = 0; combination < combinations; combination++) {
            List<Expression> probes = new ArrayList<>();
            int rest = combination;
            for (int i = 0; i < arguments; i++) {
                probes.add(probe(i, TYPES.get(rest % TYPES.size())));
                rest /= TYPES.size();
            }
            COMPUTED.clear();
            try {
                isUsable |= use(name, probes);
            } catch (Exception e) {
                boolean isWrongNumber = e instanceof AnalysisException analysis
                        && String.valueOf(analysis.getCondition()).startsWith("WRONG_NUM_ARGS");
                if (isWrongNumber) {
                    return false;
                }
            }
            COMPUTED.stream()
                    .filter(place -> !SqlLists.isComputedEarly(name, place))
                    .forEach(place -> unknown.add(name + ", argument " + place));
        }
        return isUsable;
    }

    private static boolean use(String name, List<Expression> arguments) throws AnalysisException {
        Expression expression = (Expression) FunctionRegistry.builtin()
                .lookupFunction(
                        new FunctionIdentifier(name),
                        CollectionConverters.asScala(arguments).toSeq());
        try {
            if (!expression.checkInputDataTypes().isSuccess()) {
                return false;
            }
            Expression real =
                    expression instanceof RuntimeReplaceable replaceable ? replaceable.replacement() : expression;
            real.genCode(new CodegenContext());
            return true;
        } catch (Exception | AssertionError e) {
            // Such as one that has no code, or that needs what is around it.
            return false;
        }
    }
}
