package tinderbox.oracle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.util.IntervalStringStyles;
import org.apache.spark.sql.catalyst.util.IntervalUtils;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.VariantType;
import org.apache.spark.sql.types.YearMonthIntervalType;
import org.apache.spark.unsafe.types.UTF8String;
import tinderbox.json.Json;

/** Writes rows of the server's JSON in the form of the golden files. */
final class HiveText {
    private HiveText() {}

    /** A row on a line, with tabs between its cells. */
    static String row(List<?> cells, StructType columns) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            Object cell = cells.get(i);
            texts.add(cell == null ? "NULL" : text(cell, columns.fields()[i].dataType(), false));
        }
        return String.join("\t", texts);
    }

    private static String text(Object value, DataType type, boolean nested) {
        if (value == null) {
            return "null";
        }
        if (type instanceof ArrayType array && value instanceof List<?> items) {
            return items.stream()
                    .map(item -> text(item, array.elementType(), true))
                    .collect(Collectors.joining(",", "[", "]"));
        }
        if (type instanceof MapType map && value instanceof Map<?, ?> entries) {
            // The suite sorts maps by the text of their keys.
            return entries.entrySet().stream()
                    .map(entry -> text(entry.getKey(), map.keyType(), true) + ":"
                            + text(entry.getValue(), map.valueType(), true))
                    .sorted()
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (type instanceof StructType struct && value instanceof Map<?, ?> fields) {
            List<String> texts = new ArrayList<>();
            for (StructField field : struct.fields()) {
                texts.add("\"" + field.name() + "\":" + text(fields.get(field.name()), field.dataType(), true));
            }
            return texts.stream().collect(Collectors.joining(",", "{", "}"));
        }
        if (type instanceof VariantType) {
            return new String(Json.write(value), StandardCharsets.UTF_8);
        }
        return scalar(String.valueOf(value), type, nested);
    }

    private static String scalar(String text, DataType type, boolean nested) {
        if (type instanceof StringType) {
            return nested ? "\"" + text + "\"" : text;
        }
        if (type instanceof BinaryType) {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        }
        if (type instanceof TimestampType || type instanceof TimestampNTZType) {
            return time(text);
        }
        if (type instanceof YearMonthIntervalType interval) {
            int months = IntervalUtils.castStringToYMInterval(
                    UTF8String.fromString(text), interval.startField(), interval.endField());
            return IntervalUtils.toYearMonthIntervalString(
                    months, IntervalStringStyles.HIVE_STYLE(), interval.startField(), interval.endField());
        }
        if (type instanceof DayTimeIntervalType interval) {
            long micros = IntervalUtils.castStringToDTInterval(
                    UTF8String.fromString(text), interval.startField(), interval.endField());
            return IntervalUtils.toDayTimeIntervalString(
                    micros, IntervalStringStyles.HIVE_STYLE(), interval.startField(), interval.endField());
        }
        if (type instanceof DoubleType) {
            return Double.toString(Double.parseDouble(text));
        }
        if (type instanceof FloatType) {
            return Float.toString(Float.parseFloat(text));
        }
        return text;
    }

    /** Without T and Z, and without zeros at the end of the second's fraction. */
    private static String time(String iso) {
        String local = iso.replace("T", " ").replaceAll("(Z|[+-]00:00)$", "");
        return local.contains(".") ? local.replaceAll("0+$", "").replaceAll("\\.$", "") : local;
    }
}
