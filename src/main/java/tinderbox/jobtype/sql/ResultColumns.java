package tinderbox.jobtype.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructType;
import tinderbox.job.result.Column;

/** The columns of a result as those of a table. */
final class ResultColumns {
    private ResultColumns() {}

    /**
     * How long the numbers of a column are.
     *
     * @param digits the most digits before the point
     * @param scale the most digits after it
     * @param fitsLong whether all are whole numbers of 64 bits
     */
    record Numbers(int digits, int scale, boolean fitsLong) implements Serializable {
        private static final long serialVersionUID = 1L;

        static final Numbers NONE = new Numbers(0, 0, true);

        Numbers with(String text) {
            if (isShort(text)) {
                // The usual case, which needs no parsing.
                return digits >= text.length() ? this : new Numbers(text.length(), scale, fitsLong);
            }
            BigDecimal number = new BigDecimal(text);
            return new Numbers(
                    Math.max(digits, number.precision() - number.scale()),
                    Math.max(scale, number.scale()),
                    fitsLong && number.scale() <= 0 && number.toBigInteger().bitLength() < Long.SIZE);
        }

        private static boolean isShort(String text) {
            if (text.length() > 18) {
                return false;
            }
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                    return false;
                }
            }
            return true;
        }
    }

    /** Whether the type of a column depends on its numbers. */
    static boolean dependsOnNumbers(Column column) {
        return column.type() == Column.Type.INTEGER || column.type() == Column.Type.DECIMAL;
    }

    /** How long the numbers of each column of a result are. */
    static List<Numbers> numbers(InputStream rows, List<Column> columns) throws IOException {
        Numbers[] numbers = new Numbers[columns.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Numbers.NONE;
        }
        ResultCells cells = new ResultCells(rows, columns.size());
        while (cells.next()) {
            for (int i = 0; i < numbers.length; i++) {
                if (dependsOnNumbers(columns.get(i)) && !cells.isNull(i)) {
                    numbers[i] = numbers[i].with(cells.text(i));
                }
            }
        }
        return List.of(numbers);
    }

    /**
     * The columns of the table. Numbers that no type of Spark holds exactly are texts.
     *
     * @param numbers of each column
     */
    static StructType schema(List<Column> columns, List<Numbers> numbers) {
        StructType schema = new StructType();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            schema = schema.add(column.name(), type(column.type(), numbers.get(i)));
        }
        return schema;
    }

    /** The names of the columns whose numbers are texts. */
    static List<String> tooLong(List<Column> columns, StructType schema) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (dependsOnNumbers(columns.get(i)) && schema.apply(i).dataType().equals(DataTypes.StringType)) {
                names.add(columns.get(i).name());
            }
        }
        return names;
    }

    private static DataType type(Column.Type type, Numbers numbers) {
        return switch (type) {
            // JSON stays the text that it is: a VARIANT would order the names of objects, and round long numbers.
            case STRING, JSON -> DataTypes.StringType;
            case INTEGER -> numbers.fitsLong() ? DataTypes.LongType : decimal(numbers);
            case DECIMAL -> decimal(numbers);
            case DOUBLE -> DataTypes.DoubleType;
            case BOOLEAN -> DataTypes.BooleanType;
            case DATE -> DataTypes.DateType;
            case TIMESTAMP -> DataTypes.TimestampType;
            case TIMESTAMP_NTZ -> DataTypes.TimestampNTZType;
            case BINARY -> DataTypes.BinaryType;
        };
    }

    private static DataType decimal(Numbers numbers) {
        int digits = Math.max(numbers.digits(), 1);
        return digits + numbers.scale() <= DecimalType.MAX_PRECISION()
                ? DataTypes.createDecimalType(digits + numbers.scale(), numbers.scale())
                : DataTypes.StringType;
    }
}
