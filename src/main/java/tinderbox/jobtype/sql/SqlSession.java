package tinderbox.jobtype.sql;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** The settings of the session in which a query runs. */
final class SqlSession {
    /** Rules that compute on the driver's thread, where nothing can interrupt them; excluded, tasks compute instead. */
    private static final List<String> EXCLUDED_RULES = List.of(
            "org.apache.spark.sql.catalyst.optimizer.ConstantFolding",
            "org.apache.spark.sql.catalyst.optimizer.ConvertToLocalRelation");

    private static final Map<String, String> SETTINGS = Map.of(
            "spark.sql.ansi.enabled", "true",
            "spark.sql.session.timeZone", "UTC",
            "spark.sql.udt.allowCreatingUDTFromString", "false",
            "spark.sql.optimizer.excludedRules", String.join(",", EXCLUDED_RULES));

    private SqlSession() {}

    /** Sets the session of an attempt up; the operator's settings do not override these. */
    static void configure(SparkSession attemptSession) {
        SETTINGS.forEach((name, value) -> attemptSession.conf().set(name, value));
    }
}
