package tinderbox.jobtype.sql;

import java.util.List;
import tinderbox.dataset.Datasets;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobInput;

/** The datasets that are the tables of queries. */
final class SqlTables {
    private SqlTables() {}

    /** The datasets that the tables of a query are, each where the query names it. */
    static List<JobInput> inputs(SqlQuery query, Datasets datasets) {
        return query.tables().stream()
                .map(table -> new JobInput(String.join(".", table.parts()), Sql.QUERY.field(), table.position()))
                .toList();
    }

    /** Makes the tables of a query known to the attempt's session. */
    static void open(SqlQuery query, JobContext context) {
        for (SqlTableName table : query.tables()) {
            String path = String.join(".", table.parts());
            List<String> addresses = context.input(path).addresses();
            context.spark()
                    .read()
                    .option("header", true)
                    .option("inferSchema", true)
                    .csv(addresses.toArray(String[]::new))
                    .createOrReplaceTempView("`" + path.replace("`", "``") + "`");
        }
    }
}
