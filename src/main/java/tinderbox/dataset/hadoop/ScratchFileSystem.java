package tinderbox.dataset.hadoop;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * Hadoop's local file system, {@code file:}, limited to the folders in which Spark and attempts write, and those that the
 * operator named. So a job type that passes a path of the machine to Spark by mistake reads nothing.
 */
public final class ScratchFileSystem extends LocalFileSystem {
    /** Called by {@code FileSystem}, which then calls {@link #initialize}. */
    public ScratchFileSystem() {
        super(new Raw());
    }

    /** The same for {@code FileContext}, Hadoop's other API for file systems. */
    public static final class ForFileContext extends DelegateToFileSystem {
        public ForFileContext(URI uri, Configuration configuration) throws IOException, URISyntaxException {
            super(uri, new Raw(), configuration, "file", false);
        }
    }

    /** The checks. Every operation of the superclass calls {@link #pathToFile}, except those on links. */
    private static final class Raw extends RawLocalFileSystem {
        private List<Path> folders = List.of();
        private Path activeJobs;

        @Override
        public void initialize(URI uri, Configuration configuration) throws IOException {
            super.initialize(uri, configuration);
            folders = HadoopSettings.folders(configuration);
            activeJobs = HadoopSettings.activeJobs(configuration);
        }

        @Override
        public File pathToFile(org.apache.hadoop.fs.Path path) {
            File file = super.pathToFile(path);
            Path normal = file.toPath().toAbsolutePath().normalize();
            if (folders.stream().noneMatch(normal::startsWith) && !isInAttempt(normal)) {
                throw new JobException(
                        ErrorCode.JOB_ERROR,
                        "Jobs on this server read datasets, and no other files of the machine",
                        "the job type opens its input with context.input(…), and gives Spark the addresses of its files");
            }
            return file;
        }

        /** Whether it is the scratch folder of an attempt, or in it: the files beside it are those of the server. */
        private boolean isInAttempt(Path path) {
            int depth = activeJobs == null ? 0 : activeJobs.getNameCount();
            return depth > 0
                    && path.getNameCount() > depth + 1
                    && path.startsWith(activeJobs)
                    && path.getName(depth + 1).toString().startsWith("attempt-");
        }

        /** As in the superclass, which would also look at the folder's parents. */
        @Override
        public boolean mkdirs(org.apache.hadoop.fs.Path path) throws IOException {
            File folder = pathToFile(path);
            return folder.mkdirs() || folder.isDirectory();
        }

        @Override
        public boolean mkdirs(org.apache.hadoop.fs.Path path, FsPermission permission) throws IOException {
            return mkdirs(path);
        }

        @Override
        public FileStatus getFileLinkStatus(org.apache.hadoop.fs.Path path) throws IOException {
            pathToFile(path);
            return super.getFileLinkStatus(path);
        }

        @Override
        public org.apache.hadoop.fs.Path getLinkTarget(org.apache.hadoop.fs.Path path) throws IOException {
            pathToFile(path);
            return super.getLinkTarget(path);
        }

        @Override
        public void createSymlink(
                org.apache.hadoop.fs.Path target, org.apache.hadoop.fs.Path link, boolean createParent)
                throws IOException {
            pathToFile(target);
            pathToFile(link);
            super.createSymlink(target, link, createParent);
        }
    }
}
