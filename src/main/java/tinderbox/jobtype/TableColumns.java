package tinderbox.jobtype;

import java.util.List;
import tinderbox.dataset.Datasets;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** Tells which columns datasets have as tables of queries. */
@FunctionalInterface
public interface TableColumns {
    /**
     * A dataset as a table.
     *
     * @param path of the dataset
     * @param format such as {@code csv}
     */
    record Table(String path, String format, List<TableColumn> columns) {}

    /**
     * A column.
     *
     * @param type as Spark SQL names it
     */
    record TableColumn(String name, String type) {}

    /**
     * Finds the columns of a dataset out, within the current {@link tinderbox.common.LongRead}.
     *
     * @param datasets those that the caller sees
     * @throws JobException {@link ErrorCode#DATASET_NOT_FOUND} if there is none; {@link ErrorCode#INVALID_INPUT} if it
     *     cannot be a table; {@link ErrorCode#NOT_READY} while Spark cannot be asked; {@link ErrorCode#LIMIT_EXCEEDED} if it
     *     takes too long
     */
    Table find(String path, Datasets datasets);
}
