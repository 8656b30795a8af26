package tinderbox.job.result.read;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Base64;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import tinderbox.job.result.Column;

/**
 * A column of a Parquet file. It must {@link #observe} all cells before the type is known: the types of results have no
 * bounds and those of Parquet have, and nothing is rounded. What does not fit stays text.
 *
 * @see <a href="https://github.com/apache/parquet-format/blob/master/LogicalTypes.md">Parquet's logical types</a>
 */
final class ParquetColumn {
    private static final int LONG_DIGITS = 18;
    /** The greatest precision that Spark and DuckDB read. */
    private static final int MAX_DIGITS = 38;

    private static final int DECIMAL_BYTES = 16;
    private static final int MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1000;

    private final Column.Type type;
    private final int index;
    private boolean fitsLong = true;
    private boolean fits = true;
    private int digits;
    private int scale;

    ParquetColumn(Column.Type type, int index) {
        this.type = type;
        this.index = index;
    }

    /** Takes note of a cell that a narrow type might not hold. */
    void observe(CsvReader row) {
        if (!fits || row.isNull(index)) {
            return;
        }
        switch (type) {
            case INTEGER -> observeInteger(row.text(index));
            case DECIMAL -> observeDecimal(row.text(index));
            case DATE -> fits = fitsDays(LocalDate.parse(row.text(index)));
            case TIMESTAMP -> fits = fitsMicros(Instant.parse(row.text(index)));
            case TIMESTAMP_NTZ -> fits = fitsMicros(Instant.parse(row.text(index) + "Z"));
            case STRING, DOUBLE, BOOLEAN, BINARY, JSON -> {
                // They always fit.
            }
        }
    }

    private void observeInteger(String text) {
        int size = text.length() - (text.startsWith("-") ? 1 : 0);
        digits = Math.max(digits, size);
        fits = digits <= MAX_DIGITS;
        if (size > LONG_DIGITS && fitsLong) {
            fitsLong = new BigInteger(text).bitLength() < Long.SIZE;
        }
    }

    private void observeDecimal(String text) {
        int point = text.indexOf('.');
        int end = point < 0 ? text.length() : point;
        digits = Math.max(digits, end - (text.startsWith("-") ? 1 : 0));
        scale = Math.max(scale, point < 0 ? 0 : text.length() - point - 1);
        fitsLong = digits + scale <= LONG_DIGITS;
        fits = digits + scale <= MAX_DIGITS;
    }

    private static boolean fitsDays(LocalDate date) {
        return (int) date.toEpochDay() == date.toEpochDay();
    }

    private static boolean fitsMicros(Instant instant) {
        long seconds = instant.getEpochSecond();
        return instant.getNano() % NANOS_PER_MICRO == 0 && Math.abs(seconds) < Long.MAX_VALUE / MICROS_PER_SECOND;
    }

    /** The field of the schema, for the cells that were observed. */
    Type field(String name) {
        return switch (fits ? type : Column.Type.STRING) {
            case STRING -> optional(PrimitiveTypeName.BINARY, LogicalTypeAnnotation.stringType(), name);
            case JSON -> optional(PrimitiveTypeName.BINARY, LogicalTypeAnnotation.jsonType(), name);
            case BINARY -> Types.optional(PrimitiveTypeName.BINARY).named(name);
            case INTEGER -> fitsLong ? Types.optional(PrimitiveTypeName.INT64).named(name) : decimal(name);
            case DECIMAL ->
                fitsLong
                        ? optional(PrimitiveTypeName.INT64, LogicalTypeAnnotation.decimalType(scale, LONG_DIGITS), name)
                        : decimal(name);
            case DOUBLE -> Types.optional(PrimitiveTypeName.DOUBLE).named(name);
            case BOOLEAN -> Types.optional(PrimitiveTypeName.BOOLEAN).named(name);
            case DATE -> optional(PrimitiveTypeName.INT32, LogicalTypeAnnotation.dateType(), name);
            case TIMESTAMP ->
                optional(PrimitiveTypeName.INT64, LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS), name);
            case TIMESTAMP_NTZ ->
                optional(PrimitiveTypeName.INT64, LogicalTypeAnnotation.timestampType(false, TimeUnit.MICROS), name);
        };
    }

    private static Type optional(PrimitiveTypeName physical, LogicalTypeAnnotation logical, String name) {
        return Types.optional(physical).as(logical).named(name);
    }

    private PrimitiveType decimal(String name) {
        return Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                .length(DECIMAL_BYTES)
                .as(LogicalTypeAnnotation.decimalType(scale, MAX_DIGITS))
                .named(name);
    }

    /**
     * Writes a cell that is not null.
     *
     * @param scratch is overwritten
     */
    void write(CsvReader row, RecordConsumer consumer, ByteBuilder scratch) {
        if (!fits || type == Column.Type.STRING || type == Column.Type.JSON) {
            scratch.clear();
            row.appendText(index, scratch);
            consumer.addBinary(Binary.fromConstantByteArray(scratch.toArray()));
            return;
        }
        String text = row.text(index);
        switch (type) {
            case INTEGER -> {
                if (fitsLong) {
                    consumer.addLong(Long.parseLong(text));
                } else {
                    consumer.addBinary(fixed(new BigInteger(text)));
                }
            }
            case DECIMAL -> {
                BigInteger unscaled = new BigDecimal(text).setScale(scale).unscaledValue();
                if (fitsLong) {
                    consumer.addLong(unscaled.longValueExact());
                } else {
                    consumer.addBinary(fixed(unscaled));
                }
            }
            case DOUBLE -> consumer.addDouble(Double.parseDouble(text));
            case BOOLEAN -> consumer.addBoolean(Boolean.parseBoolean(text));
            case DATE -> consumer.addInteger((int) LocalDate.parse(text).toEpochDay());
            case TIMESTAMP -> consumer.addLong(micros(Instant.parse(text)));
            case TIMESTAMP_NTZ -> consumer.addLong(micros(Instant.parse(text + "Z")));
            case BINARY ->
                consumer.addBinary(
                        Binary.fromConstantByteArray(Base64.getDecoder().decode(text)));
            case STRING, JSON -> throw new IllegalStateException("a text is written as it is");
        }
    }

    /** In 16 bytes, the most significant first. */
    private static Binary fixed(BigInteger number) {
        byte[] bytes = new byte[DECIMAL_BYTES];
        byte[] significant = number.toByteArray();
        Arrays.fill(bytes, (byte) (number.signum() < 0 ? -1 : 0));
        System.arraycopy(significant, 0, bytes, DECIMAL_BYTES - significant.length, significant.length);
        return Binary.fromConstantByteArray(bytes);
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * MICROS_PER_SECOND + instant.getNano() / NANOS_PER_MICRO;
    }
}
