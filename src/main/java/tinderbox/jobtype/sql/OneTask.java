package tinderbox.jobtype.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.CoalesceExec;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import org.apache.spark.sql.execution.datasources.FileSourceStrategy$;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * Reads each table in one task. Spark then knows that groups, joins and orders need no shuffle, so a query is one stage of
 * one task. For little input, a shuffle takes longer than all the work.
 */
final class OneTask extends SparkStrategy {
    private static final long serialVersionUID = 1L;

    private static final AbstractPartialFunction<SparkPlan, SparkPlan> IN_ONE_TASK = new AbstractPartialFunction<>() {
        @Override
        public boolean isDefinedAt(SparkPlan node) {
            return node instanceof FileSourceScanExec;
        }

        @Override
        public SparkPlan apply(SparkPlan scan) {
            return new CoalesceExec(1, scan);
        }
    };

    @Override
    public Seq<SparkPlan> apply(LogicalPlan plan) {
        List<SparkPlan> reads = new ArrayList<>();
        CollectionConverters.asJava(FileSourceStrategy$.MODULE$.apply(plan))
                .forEach(read -> reads.add(read.transformUp(IN_ONE_TASK)));
        return CollectionConverters.asScala(reads).toSeq();
    }
}
