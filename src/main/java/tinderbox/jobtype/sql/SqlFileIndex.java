package tinderbox.jobtype.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.execution.datasources.FileIndex;
import org.apache.spark.sql.execution.datasources.PartitionDirectory;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import tinderbox.dataset.Dataset;

/**
 * The files of a table, as they were when the job opened it. Spark's own index would look for all of them again, take
 * {@code name=value} in their paths for columns, and expand globs.
 */
record SqlFileIndex(Dataset dataset) implements FileIndex {
    /** Larger files are read in several tasks. */
    private static final long BLOCK_BYTES = 32 << 20;

    /** The files as Hadoop describes them. */
    List<FileStatus> statuses() {
        List<FileStatus> statuses = new ArrayList<>();
        for (Dataset.File file : dataset.files()) {
            long modified = file.modifiedAt().toEpochMilli();
            statuses.add(new FileStatus(file.bytes(), false, 1, BLOCK_BYTES, modified, new Path(file.address())));
        }
        return statuses;
    }

    @Override
    public Seq<Path> rootPaths() {
        return CollectionConverters.asScala(
                        statuses().stream().map(FileStatus::getPath).toList())
                .toSeq();
    }

    @Override
    public Seq<PartitionDirectory> listFiles(Seq<Expression> partitionFilters, Seq<Expression> dataFilters) {
        PartitionDirectory all =
                PartitionDirectory.apply(InternalRow.empty(), statuses().toArray(FileStatus[]::new));
        return CollectionConverters.asScala(List.of(all)).toSeq();
    }

    @Override
    public String[] inputFiles() {
        return dataset.addresses().toArray(String[]::new);
    }

    @Override
    public void refresh() {
        // The files stay those that were opened.
    }

    @Override
    public long sizeInBytes() {
        return dataset.bytes();
    }

    @Override
    public StructType partitionSchema() {
        return new StructType();
    }

    /** As the plan of the query shows it. */
    @Override
    public String toString() {
        return dataset.path();
    }
}
