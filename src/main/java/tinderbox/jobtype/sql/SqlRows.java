package tinderbox.jobtype.sql;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import tinderbox.job.result.Column;
import tinderbox.job.result.ResultWriter;
import tinderbox.jobtype.JobContext;

/** Writes the rows of a query as a result. */
final class SqlRows {
    private SqlRows() {}

    /** Writes the rows, and returns how many there are. */
    static long write(Dataset<Row> rows, JobContext context, Long maxRows) throws IOException {
        List<Column> columns = new ArrayList<>();
        for (StructField field : rows.schema().fields()) {
            columns.add(new Column(field.name(), type(field.dataType())));
        }
        ResultWriter result = context.result(columns);
        Iterator<Row> each = rows.toLocalIterator();
        while (each.hasNext() && (maxRows == null || result.rows() < maxRows)) {
            context.throwIfCancelled();
            result.row(cells(each.next(), columns));
        }
        return result.rows();
    }

    private static Column.Type type(DataType type) {
        if (type instanceof DecimalType) {
            return Column.Type.DECIMAL;
        }
        if (List.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType)
                .contains(type)) {
            return Column.Type.INTEGER;
        }
        if (List.of(DataTypes.FloatType, DataTypes.DoubleType).contains(type)) {
            return Column.Type.DOUBLE;
        }
        return Column.Type.STRING;
    }

    private static List<Object> cells(Row row, List<Column> columns) {
        List<Object> cells = new ArrayList<>(row.size());
        for (int i = 0; i < row.size(); i++) {
            Object value = row.get(i);
            boolean isText = columns.get(i).type() == Column.Type.STRING && value != null;
            cells.add(isText ? value.toString() : value);
        }
        return cells;
    }
}
