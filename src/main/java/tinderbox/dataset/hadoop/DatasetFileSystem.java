package tinderbox.dataset.hadoop;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import tinderbox.common.FileErrors;
import tinderbox.dataset.Compression;
import tinderbox.dataset.DatasetAddress;
import tinderbox.dataset.DatasetTree;
import tinderbox.dataset.FileReplacedException;
import tinderbox.dataset.ResolvedDataset;
import tinderbox.dataset.UnreadableOnWorkerException;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * The datasets as a read-only file system, {@code tb:///root/path}, for Spark's sources. Each look at a path makes all
 * checks of {@link DatasetTree}, and {@link #open} follows no link that has appeared since. A folder lists only the files
 * that a job reads.
 */
public final class DatasetFileSystem extends FileSystem {
    private static final URI ROOT = URI.create(DatasetAddress.SCHEME + ":///");

    /** As that of Hadoop's local file system; larger files are read in several tasks. */
    private static final long BLOCK_BYTES = 32 << 20;

    private DatasetTree datasets;

    @Override
    public void initialize(URI uri, Configuration configuration) throws IOException {
        if (uri.getAuthority() != null) {
            throw new JobException(
                    ErrorCode.JOB_ERROR,
                    "The address " + uri + " has one slash too few",
                    "the job type writes " + ROOT + uri.getAuthority() + uri.getRawPath());
        }
        super.initialize(uri, configuration);
        setConf(configuration);
        datasets = HadoopSettings.datasets(configuration);
    }

    @Override
    public String getScheme() {
        return DatasetAddress.SCHEME;
    }

    @Override
    public URI getUri() {
        return ROOT;
    }

    @Override
    public Path getWorkingDirectory() {
        return new Path(ROOT);
    }

    /** Has no effect: every address is absolute. */
    @Override
    public void setWorkingDirectory(Path folder) {
        checkPath(folder);
    }

    private ResolvedDataset resolve(Path path) throws IOException {
        String full = makeQualified(path).toUri().getPath();
        ResolvedDataset found = datasets.at(full).orElse(null);
        if (found == null) {
            throw datasets.missing(full);
        }
        return found;
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return status(path, resolve(path));
    }

    private FileStatus status(Path path, ResolvedDataset found) {
        long modified = found.modifiedAt().toEpochMilli();
        long bytes = found.isFolder() ? 0 : found.bytes();
        return new FileStatus(bytes, found.isFolder(), 1, BLOCK_BYTES, modified, makeQualified(path));
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        ResolvedDataset found = resolve(path);
        if (!found.isFolder()) {
            return new FileStatus[] {status(path, found)};
        }
        List<FileStatus> files = new ArrayList<>();
        for (var file : DatasetTree.filesIn(found).entrySet()) {
            Path child = new Path(path, file.getKey());
            files.add(status(child, file.getValue()));
        }
        return files.toArray(FileStatus[]::new);
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        ResolvedDataset found = resolve(path);
        if (found.isFolder()) {
            throw new FileNotFoundException("The dataset " + path + " is a folder, not a file");
        }
        if (found.compression() == Compression.REFUSED) {
            throw new IOException("The dataset " + path + " " + Compression.REFUSAL);
        }
        if (found.compression() != Compression.of(path.getName())) {
            // Spark chooses the codec by this name, and would take compressed bytes for text.
            throw new IOException("The dataset " + path + " is a link to a file that is compressed in another way than"
                    + " its own name says; give it the same ending");
        }
        RowOrigin.watch();
        try {
            SeekableByteChannel file = found.open();
            // HDFS counts what is read of it in statistics of its own, and Spark adds all of them up.
            return new FSDataInputStream(new DatasetInputStream(
                    file,
                    path.toString(),
                    found.bytes(),
                    file instanceof HadoopChannel ? null : statistics,
                    // Of a compressed file, the codec limits the lines.
                    found.compression().isCompressed() ? null : HadoopSettings.lineLimit(getConf())));
        } catch (NoSuchFileException e) {
            throw new FileNotFoundException("The dataset " + path + " no longer exists");
        } catch (FileReplacedException e) {
            throw new FileReplacedException(path.toString());
        } catch (UnreadableOnWorkerException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException("The dataset " + path + ": " + FileErrors.describeWithoutPath(e), e);
        }
    }

    private static JobException readOnly() {
        return new JobException(
                ErrorCode.JOB_ERROR,
                "Datasets are read-only for jobs",
                "the job type writes rows with context.result(…), and temporary files to context.scratch()");
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress) {
        throw readOnly();
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
        throw readOnly();
    }

    @Override
    public boolean rename(Path from, Path to) {
        throw readOnly();
    }

    @Override
    public boolean delete(Path path, boolean recursive) {
        throw readOnly();
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) {
        throw readOnly();
    }
}
