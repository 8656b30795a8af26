package tinderbox.jobtype.sql;

import java.io.Serializable;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.catalyst.util.IntervalStringStyles;
import org.apache.spark.sql.catalyst.util.IntervalUtils;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.CalendarIntervalType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimeType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.VariantType;
import org.apache.spark.sql.types.YearMonthIntervalType;
import org.apache.spark.types.variant.Variant;
import org.apache.spark.unsafe.types.VariantVal;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.result.Column;

/**
 * Turns Spark's internal rows into the cells of a result, exactly. Spark's public rows would lose some: dates before 1582 and
 * nested values. Not thread-safe; each task has its own.
 */
final class SqlCells {
    /** How much text a row may have, in characters and bytes of binary values: it is in memory several times. */
    static final int MAX_ROW = 16 << 20;

    /** With as many digits after the second as there are, as timestamps have them. */
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter(Locale.ROOT);

    private final DataType[] types;
    private final List<Column> columns;
    /** The names of the fields of structs, which must differ in JSON. */
    private final IdentityHashMap<StructType, List<String>> fieldNames = new IdentityHashMap<>();
    /** How much text the current row may still have. */
    private int left;

    private SqlCells(Format format) {
        this.types = format.types;
        this.columns = format.columns;
    }

    /** What a task needs to know of a query's columns; creates the {@link SqlCells} of the task. */
    static final class Format implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // Each of them is serializable.
        private final DataType[] types;

        private final ArrayList<Column> columns;

        Format(List<DataType> types, List<Column> columns) {
            this.types = types.toArray(DataType[]::new);
            this.columns = new ArrayList<>(columns);
        }

        SqlCells newCells() {
            return new SqlCells(this);
        }
    }

    /** The type of the column for a type of Spark; empty if results cannot have it. */
    static Optional<Column.Type> columnType(DataType type) {
        if (type instanceof StringType
                || type instanceof NullType
                || type instanceof TimeType
                || type instanceof YearMonthIntervalType
                || type instanceof DayTimeIntervalType
                || type instanceof CalendarIntervalType) {
            return Optional.of(Column.Type.STRING);
        }
        if (isWhole(type)) {
            return Optional.of(Column.Type.INTEGER);
        }
        if (type instanceof FloatType || type instanceof DoubleType) {
            return Optional.of(Column.Type.DOUBLE);
        }
        if (type instanceof BooleanType) {
            return Optional.of(Column.Type.BOOLEAN);
        }
        if (type instanceof DecimalType) {
            return Optional.of(Column.Type.DECIMAL);
        }
        if (type instanceof DateType) {
            return Optional.of(Column.Type.DATE);
        }
        if (type instanceof TimestampType) {
            return Optional.of(Column.Type.TIMESTAMP);
        }
        if (type instanceof TimestampNTZType) {
            return Optional.of(Column.Type.TIMESTAMP_NTZ);
        }
        if (type instanceof BinaryType) {
            return Optional.of(Column.Type.BINARY);
        }
        return isJson(type) ? Optional.of(Column.Type.JSON) : Optional.empty();
    }

    private static boolean isWhole(DataType type) {
        return type instanceof ByteType
                || type instanceof ShortType
                || type instanceof IntegerType
                || type instanceof LongType;
    }

    /** Whether the values are JSON, and so is every value in them. */
    private static boolean isJson(DataType type) {
        if (type instanceof ArrayType array) {
            return columnType(array.elementType()).isPresent();
        }
        if (type instanceof MapType map) {
            return columnType(map.keyType()).isPresent()
                    && columnType(map.valueType()).isPresent();
        }
        if (type instanceof StructType struct) {
            return Arrays.stream(struct.fields())
                    .allMatch(field -> columnType(field.dataType()).isPresent());
        }
        return type instanceof VariantType;
    }

    /**
     * The cells of a row, as {@link tinderbox.job.result.ResultWriter#row(List)} takes them.
     *
     * @throws JobException {@link ErrorCode#LIMIT_EXCEEDED} if the row is too large for a result
     */
    List<Object> cells(InternalRow row) {
        left = MAX_ROW;
        List<Object> cells = new ArrayList<>(types.length);
        for (int i = 0; i < types.length; i++) {
            try {
                cells.add(row.isNullAt(i) ? null : value(row, i, types[i]));
            } catch (TooLargeException e) {
                throw new JobException(
                        ErrorCode.LIMIT_EXCEEDED,
                        "A row has more than " + (MAX_ROW >> 20) + " MiB, with its column "
                                + columns.get(i).name(),
                        "select less of it, for example with substring, slice or size");
            }
        }
        return cells;
    }

    private Object value(SpecializedGetters row, int i, DataType type) {
        if (type instanceof StringType) {
            take(row.getUTF8String(i).numBytes());
            return row.getUTF8String(i).toString();
        }
        if (type instanceof LongType) {
            return row.getLong(i);
        }
        if (type instanceof IntegerType) {
            return row.getInt(i);
        }
        if (type instanceof DoubleType) {
            return row.getDouble(i);
        }
        if (type instanceof DecimalType decimal) {
            return row.getDecimal(i, decimal.precision(), decimal.scale()).toJavaBigDecimal();
        }
        if (type instanceof BooleanType) {
            return row.getBoolean(i);
        }
        if (type instanceof DateType) {
            return LocalDate.ofEpochDay(row.getInt(i));
        }
        if (type instanceof TimestampType) {
            return DateTimeUtils.microsToInstant(row.getLong(i));
        }
        if (type instanceof TimestampNTZType) {
            return DateTimeUtils.microsToLocalDateTime(row.getLong(i));
        }
        if (type instanceof FloatType) {
            return row.getFloat(i);
        }
        if (type instanceof ShortType) {
            return row.getShort(i);
        }
        if (type instanceof ByteType) {
            return row.getByte(i);
        }
        if (type instanceof BinaryType) {
            take(row.getBinary(i).length);
            return row.getBinary(i);
        }
        if (type instanceof TimeType) {
            return TIME.format(LocalTime.ofNanoOfDay(row.getLong(i)));
        }
        return interval(row, i, type).orElseGet(() -> json(row, i, type));
    }

    /** As {@code CAST(… AS STRING)} writes it. */
    private static Optional<Object> interval(SpecializedGetters row, int i, DataType type) {
        if (type instanceof YearMonthIntervalType months) {
            return Optional.of(IntervalUtils.toYearMonthIntervalString(
                    row.getInt(i), IntervalStringStyles.ANSI_STYLE(), months.startField(), months.endField()));
        }
        if (type instanceof DayTimeIntervalType days) {
            return Optional.of(IntervalUtils.toDayTimeIntervalString(
                    row.getLong(i), IntervalStringStyles.ANSI_STYLE(), days.startField(), days.endField()));
        }
        return type instanceof CalendarIntervalType
                ? Optional.of(row.getInterval(i).toString())
                : Optional.empty();
    }

    private String json(SpecializedGetters row, int i, DataType type) {
        SqlJson json = new SqlJson(left);
        write(json, row, i, type);
        String text = json.toString();
        take(text.length());
        return text;
    }

    private void write(SqlJson json, SpecializedGetters row, int i, DataType type) {
        if (row.isNullAt(i)) {
            json.raw("null");
        } else if (type instanceof StructType struct) {
            writeStruct(json, row.getStruct(i, struct.length()), struct);
        } else if (type instanceof ArrayType array) {
            writeArray(json, row, i, array);
        } else if (type instanceof MapType map) {
            writeMap(json, row, i, map);
        } else if (type instanceof VariantType) {
            writeVariant(json, row.getVariant(i));
        } else {
            json.scalar(value(row, i, type));
        }
    }

    private static void writeVariant(SqlJson json, VariantVal value) {
        if (value.getValue().length > MAX_ROW) {
            throw new TooLargeException();
        }
        writeVariant(json, new Variant(value.getValue(), value.getMetadata()));
    }

    /** Piece by piece: a key is in a variant once, and in its JSON as often as it is used. */
    private static void writeVariant(SqlJson json, Variant value) {
        switch (value.getType()) {
            case OBJECT -> {
                json.raw("{");
                for (int i = 0; i < value.objectSize(); i++) {
                    Variant.ObjectField field = value.getFieldAtIndex(i);
                    json.separator(i);
                    json.text(field.key);
                    json.raw(":");
                    writeVariant(json, field.value);
                }
                json.raw("}");
            }
            case ARRAY -> {
                json.raw("[");
                for (int i = 0; i < value.arraySize(); i++) {
                    json.separator(i);
                    writeVariant(json, value.getElementAtIndex(i));
                }
                json.raw("]");
            }
            default -> json.raw(value.toJson(ZoneOffset.UTC));
        }
    }

    private void writeStruct(SqlJson json, InternalRow row, StructType struct) {
        List<String> names =
                fieldNames.computeIfAbsent(struct, each -> ColumnNames.different(Arrays.asList(each.fieldNames())));
        json.raw("{");
        for (int field = 0; field < names.size(); field++) {
            json.separator(field);
            json.text(names.get(field));
            json.raw(":");
            write(json, row, field, struct.apply(field).dataType());
        }
        json.raw("}");
    }

    private void writeArray(SqlJson json, SpecializedGetters row, int i, ArrayType type) {
        var array = row.getArray(i);
        json.raw("[");
        for (int element = 0; element < array.numElements(); element++) {
            json.separator(element);
            write(json, array, element, type.elementType());
        }
        json.raw("]");
    }

    /** Keys that are no text are the text that they have as a value. */
    private void writeMap(SqlJson json, SpecializedGetters row, int i, MapType type) {
        var map = row.getMap(i);
        json.raw("{");
        for (int entry = 0; entry < map.numElements(); entry++) {
            json.separator(entry);
            SqlJson key = new SqlJson(left);
            write(key, map.keyArray(), entry, type.keyType());
            json.key(key.toString());
            json.raw(":");
            write(json, map.valueArray(), entry, type.valueType());
        }
        json.raw("}");
    }

    private void take(int size) {
        left -= size;
        if (left < 0) {
            throw new TooLargeException();
        }
    }

    /** The row is too large. */
    static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
