package tinderbox.job.result.read;

import tinderbox.job.result.Column;

/**
 * Orders rows by one column; nulls are last in either direction.
 *
 * @param index the place of the column in the result, from 0
 * @param descending the greatest first
 */
public record ColumnSort(int index, Column.Type type, boolean descending) {
    private static final int VALUE = 0;
    private static final int NULL = 1;

    /** Appends the cell, so that the bytes of all cells in the order compare, unsigned, as the rows do. */
    void append(CsvReader row, ByteBuilder key) {
        if (row.isNull(index)) {
            key.append(NULL);
            return;
        }
        key.append(VALUE);
        int from = key.length();
        CellOrder.append(type, row, index, key);
        if (descending) {
            key.invert(from);
        }
    }
}
