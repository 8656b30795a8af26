package tinderbox.oracle;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.execution.HiveResult;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** Answers queries with Spark alone, in a session of its own, to find out what the golden answers depend on. */
final class PlainSession {
    private final SparkSession session;

    /**
     * A session without views.
     *
     * @param any a session of this process
     * @param settings beside those that all of these sessions have
     */
    PlainSession(SparkSession any, Map<String, String> settings) {
        this.session = any.newSession();
        session.conf().set("spark.sql.ansi.enabled", "true");
        session.conf().set("spark.sql.shuffle.partitions", 2);
        settings.forEach(session.conf()::set);
    }

    /** Spark does not answer a query. */
    static final class NoAnswerException extends Exception {
        private static final long serialVersionUID = 1L;

        private NoAnswerException(Throwable cause) {
            super(cause);
        }

        /** Spark's name for the reason, such as {@code TABLE_OR_VIEW_NOT_FOUND}. */
        String condition() {
            return getCause() instanceof SparkThrowable reason && reason.getCondition() != null
                    ? reason.getCondition()
                    : getCause().getClass().getSimpleName();
        }
    }

    /** The columns of a query, which does not run. */
    StructType columns(String sql) throws NoAnswerException {
        return active(() -> session.sql(sql).schema());
    }

    /** The rows of a query in the form of the golden files. */
    List<String> answer(String sql) throws NoAnswerException {
        return active(() -> CollectionConverters.asJava(HiveResult.hiveResultString(
                ((Dataset<Row>) session.sql(sql)).queryExecution().executedPlan())));
    }

    private <T> T active(Callable<T> work) throws NoAnswerException {
        SparkSession before = SparkSession.getActiveSession().getOrElse(() -> null);
        SparkSession.setActiveSession(session);
        try {
            return work.call();
        } catch (Exception | StackOverflowError e) {
            throw new NoAnswerException(e);
        } finally {
            if (before == null) {
                SparkSession.clearActiveSession();
            } else {
                SparkSession.setActiveSession(before);
            }
        }
    }
}
