package tinderbox.jobtype.sql;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import tinderbox.common.LongRead;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.Datasets;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.result.Column;
import tinderbox.jobtype.InputFailures;
import tinderbox.jobtype.InputReader;
import tinderbox.jobtype.ResultRoot;
import tinderbox.jobtype.TableColumns;

/** Tells which columns datasets have, for people who write queries. */
public final class SqlColumns implements TableColumns {
    /** A table with more columns is shown with its first ones only. */
    private static final int MAX_COLUMNS = 2_000;

    private static final int MAX_TYPE = 1_000;
    private static final long POLL_MILLIS = 20;

    /** Also of those that go on for a moment after nobody waits for them. */
    private static final int MAX_AT_ONCE = 4;

    private final Supplier<Optional<SparkSession>> sessions;
    private final Semaphore permits = new Semaphore(MAX_AT_ONCE);

    /**
     * Asks Spark.
     *
     * @param sessions the session of the server; empty while no jobs can run
     */
    public SqlColumns(Supplier<Optional<SparkSession>> sessions) {
        this.sessions = sessions;
    }

    @Override
    public Table find(String path, Datasets datasets) {
        Dataset dataset = open(path, datasets);
        if (ResultRoot.isResult(dataset.path())) {
            List<Column> columns = describe(dataset.path(), datasets);
            InputReader reader = InputReader.of(dataset, datasets.limits());
            return table(
                    dataset,
                    "result",
                    schema(
                            dataset,
                            Sql.SCHEMAS.knownOfResult(dataset),
                            spark -> Sql.SCHEMAS.ofResult(dataset, columns, spark, reader)));
        }
        SqlOptions options = options(dataset);
        InputReader reader = InputReader.of(dataset, datasets.limits());
        return table(
                dataset,
                options.format().code(),
                schema(
                        dataset,
                        Sql.SCHEMAS.known(dataset, options),
                        spark -> Sql.SCHEMAS.of(dataset, options, spark, reader)));
    }

    private static Dataset open(String path, Datasets datasets) {
        try {
            return datasets.open(path);
        } catch (JobException e) {
            if (e.code() == ErrorCode.INPUT_NOT_FOUND) {
                throw new JobException(
                        ErrorCode.DATASET_NOT_FOUND,
                        "There is no dataset " + path + ", or it cannot be read",
                        "GET /api/v1/datasets lists what there is");
            }
            throw e;
        }
    }

    private static List<Column> describe(String path, Datasets datasets) {
        try {
            return ((ResultRoot) datasets.root(ResultRoot.NAME).orElseThrow())
                    .describe(path)
                    .columns();
        } catch (IOException e) {
            throw new JobException(
                    ErrorCode.DATASET_NOT_FOUND,
                    "The result " + path + " cannot be read: it was deleted, or is damaged",
                    "run that job again",
                    e);
        }
    }

    private static SqlOptions options(Dataset dataset) {
        try {
            SqlTableName table = new SqlTableName(List.of(dataset.path()), null, Map.of(), null);
            return SqlOptions.of(SqlNames.format(table, dataset), Map.of());
        } catch (SqlTableProblem e) {
            throw new JobException(ErrorCode.INVALID_INPUT, "A query of this dataset " + e.getMessage(), "", e);
        }
    }

    private StructType schema(Dataset dataset, Optional<StructType> known, Function<SparkSession, StructType> infer) {
        if (known.isPresent()) {
            return known.get();
        }
        SparkSession shared = sessions.get()
                .orElseThrow(() -> new JobException(
                        ErrorCode.NOT_READY,
                        "Spark is not ready",
                        "ask again once jobs can run; /readyz?verbose says what is missing"));
        if (!permits.tryAcquire()) {
            throw new JobException(
                    ErrorCode.SERVER_BUSY,
                    "The columns of other datasets are being found out",
                    "send the request again in a moment");
        }
        String group = "columns-" + UUID.randomUUID();
        FutureTask<StructType> task = new FutureTask<>(() -> {
            SparkSession session = shared.newSession();
            SqlSession.configure(session);
            SparkSession.setActiveSession(session);
            session.sparkContext().setJobGroup(group, "columns of " + dataset.path(), true);
            return infer.apply(session);
        });
        // Not within the task, which does not run if it is cancelled before it starts.
        Runnable releasing = () -> {
            try {
                task.run();
            } finally {
                permits.release();
            }
        };
        Thread thread = new Thread(releasing, group);
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (Error e) {
            permits.release();
            throw e;
        }
        try {
            return await(task, dataset);
        } finally {
            if (task.cancel(true)) {
                shared.sparkContext().cancelJobGroupAndFutureJobs(group);
            }
        }
    }

    private static StructType await(FutureTask<StructType> task, Dataset dataset) {
        LongRead read = LongRead.current();
        while (true) {
            try {
                return task.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (read.isOver()) {
                    throw new JobException(
                            ErrorCode.LIMIT_EXCEEDED,
                            "The columns of " + dataset.path()
                                    + " could not be found out in the time that a request has",
                            "a query has more time: its result shows the columns, for example of SELECT * FROM … LIMIT 1");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("the server stops");
            } catch (ExecutionException e) {
                throw explained(e, dataset);
            }
        }
    }

    private static RuntimeException explained(ExecutionException e, Dataset dataset) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        Exception explained = InputFailures.explain((Exception) e.getCause(), List.of(dataset));
        return explained instanceof JobException known
                ? known
                : new JobException(
                        ErrorCode.INVALID_INPUT,
                        "The columns of " + dataset.path() + " cannot be found out",
                        "is it what its ending says?",
                        e.getCause());
    }

    private static Table table(Dataset dataset, String format, StructType schema) {
        List<TableColumn> columns = new ArrayList<>();
        for (StructField field : schema.fields()) {
            if (columns.size() < MAX_COLUMNS) {
                String type = field.dataType().catalogString();
                columns.add(new TableColumn(
                        field.name(), type.length() > MAX_TYPE ? type.substring(0, MAX_TYPE) + "…" : type));
            }
        }
        return new Table(dataset.path(), format, columns);
    }
}
