package tinderbox.dataset.hadoop;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.protocol.HdfsFileStatus;
import tinderbox.dataset.Compression;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.DatasetAddress;
import tinderbox.dataset.ResolvedDataset;

/** A file or folder of a {@link HadoopRoot}. */
record HadoopDataset(URI root, FileStatus status, HadoopFiles files, NamenodeCalls calls) implements ResolvedDataset {
    @Override
    public boolean isFolder() {
        return status.isDirectory();
    }

    @Override
    public long bytes() {
        return status.getLen();
    }

    @Override
    public Instant modifiedAt() {
        return Instant.ofEpochMilli(status.getModificationTime());
    }

    @Override
    public Compression compression() {
        return Compression.of(status.getPath().getName());
    }

    @Override
    public Dataset.File file(String path) {
        return new Dataset.File(path, root, status.getPath().toUri(), bytes(), modifiedAt(), key(), files);
    }

    /** The number of the file in the HDFS; a file that replaces it has another. */
    private String key() {
        return status instanceof HdfsFileStatus known ? Long.toString(known.getFileId()) : "";
    }

    @Override
    public SeekableByteChannel open() throws IOException {
        return file(calls.root() + "/").open();
    }

    @Override
    public Stream<Child> children() {
        Iterator<FileStatus> entries = new Entries();
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(entries, Spliterator.NONNULL | Spliterator.DISTINCT), false)
                .map(HadoopChild::new);
    }

    private interface Step<T> {
        T take() throws IOException;
    }

    /** Asks the namenode for some hundred entries at a time. */
    private final class Entries implements Iterator<FileStatus> {
        private RemoteIterator<FileStatus> rest;

        @Override
        public boolean hasNext() {
            return take(() -> {
                if (rest == null) {
                    rest = files.system().listStatusIterator(status.getPath());
                }
                return rest.hasNext();
            });
        }

        @Override
        public FileStatus next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return take(() -> rest.next());
        }

        private <T> T take(Step<T> step) {
            return calls.ask(() -> {
                try {
                    return step.take();
                } catch (FileNotFoundException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private final class HadoopChild implements Child {
        private final FileStatus entry;

        private HadoopChild(FileStatus entry) {
            this.entry = entry;
        }

        @Override
        public String name() {
            return entry.getPath().getName();
        }

        @Override
        public String encodedName() {
            return DatasetAddress.encodedSegment(name());
        }

        @Override
        public ResolvedDataset resolve() {
            boolean usable = entry.isFile() || entry.isDirectory();
            return usable ? new HadoopDataset(root, entry, files, calls) : null;
        }
    }
}
