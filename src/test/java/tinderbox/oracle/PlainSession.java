package tinderbox.oracle;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.execution.HiveResult;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** Answers queries with Spark alone, to find out which golden answers hold without views and in the time zone UTC. */
final class PlainSession {
    private final SparkSession session;

    /**
     * A session of its own.
     *
     * @param any a session of this process
     */
    PlainSession(SparkSession any) {
        this.session = any.newSession();
        session.conf().set("spark.sql.session.timeZone", "UTC");
        session.conf().set("spark.sql.ansi.enabled", "true");
    }

    /**
     * What Spark answers.
     *
     * @param columns their names and types
     * @param lines the rows in the form of the golden files
     */
    record Answer(StructType columns, List<String> lines) {}

    /** Empty if the query fails. */
    Optional<Answer> answer(String sql) {
        SparkSession before = SparkSession.getActiveSession().getOrElse(() -> null);
        SparkSession.setActiveSession(session);
        try {
            Dataset<Row> rows = (Dataset<Row>) session.sql(sql);
            List<String> lines =
                    CollectionConverters.asJava(HiveResult.hiveResultString(
                                    rows.queryExecution().executedPlan()))
                            .stream()
                            .toList();
            return Optional.of(new Answer(rows.schema(), lines));
        } catch (Exception | StackOverflowError e) {
            return Optional.empty();
        } finally {
            if (before == null) {
                SparkSession.clearActiveSession();
            } else {
                SparkSession.setActiveSession(before);
            }
        }
    }
}
