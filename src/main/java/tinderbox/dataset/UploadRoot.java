package tinderbox.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import tinderbox.job.Visibility;

/** The root of uploads for somebody who sees only some of them. What others have uploaded does not exist. */
public final class UploadRoot implements DatasetRoot {
    private final LocalRoot all;
    private final UploadOwners owners;
    private final Visibility visibility;

    /**
     * The uploads in a folder.
     *
     * @param owners the folder of {@link UploadOwners}
     */
    public UploadRoot(LocalRoot all, Path owners) {
        this(all, new UploadOwners(owners), Visibility.ALL);
    }

    private UploadRoot(LocalRoot all, UploadOwners owners, Visibility visibility) {
        this.all = all;
        this.owners = owners;
        this.visibility = visibility;
    }

    @Override
    public DatasetRoot seenBy(Visibility visible) {
        return new UploadRoot(all, owners, visible);
    }

    @Override
    public URI location() {
        return all.location();
    }

    @Override
    public boolean isOnDriverOnly() {
        return all.isOnDriverOnly();
    }

    @Override
    public ResolvedDataset resolve(List<String> names) {
        return seen(all.resolve(names));
    }

    @Override
    public ResolvedDataset at(String below) {
        return seen(all.at(below));
    }

    /**
     * The owner is looked up after the file was found: a new owner is recorded before the file comes, so that a file that
     * has just taken this place is not seen by the owner of the last one.
     */
    private ResolvedDataset seen(LocalDataset found) {
        if (found == null || visibility.isAll()) {
            return found;
        }
        if (found.isFolder()) {
            boolean isShown = found.real().equals(found.realRoot())
                    || owners.isAnySeenBy(visibility, found.realRoot(), found.real());
            return isShown ? new Part(found) : null;
        }
        // Not the path that was asked for, which may be a link to the upload of somebody else.
        String upload = found.realRoot().relativize(found.real()).toString();
        return owners.areSeenBy(visibility, upload) ? found : null;
    }

    /** A folder with only those uploads that are seen. */
    private final class Part implements ResolvedDataset {
        private final LocalDataset folder;

        private Part(LocalDataset folder) {
            this.folder = folder;
        }

        @Override
        public boolean isFolder() {
            return true;
        }

        /** A job would read it by its address, with the files of everybody. */
        @Override
        public String whyNoInput() {
            return hasOthers() ? "has the files of others, too; name the files to read" : null;
        }

        /** Whether there can be anything in it that is not seen. That is always so of the folder of all uploads. */
        private boolean hasOthers() {
            if (folder.real().equals(folder.realRoot())) {
                return true;
            }
            try (Stream<Child> all = folder.children()) {
                return all.map(SeenChild::new).anyMatch(child -> !child.isShown());
            } catch (IOException | UncheckedIOException e) {
                return true;
            }
        }

        @Override
        public long bytes() {
            return folder.bytes();
        }

        /** Not known if it would tell when others upload. */
        @Override
        public Instant modifiedAt() {
            return hasOthers() ? null : folder.modifiedAt();
        }

        @Override
        public Compression compression() {
            return folder.compression();
        }

        @Override
        public Dataset.File file(String path) {
            return folder.file(path);
        }

        @Override
        public SeekableByteChannel open() throws IOException {
            return folder.open();
        }

        @Override
        public Stream<Child> children() throws IOException {
            return folder.children()
                    .map(SeenChild::new)
                    .filter(SeenChild::isShown)
                    .map(child -> child);
        }
    }

    private final class SeenChild implements ResolvedDataset.Child {
        private final ResolvedDataset.Child child;
        private final LocalDataset there;
        private final ResolvedDataset seen;

        private SeenChild(ResolvedDataset.Child child) {
            this.child = child;
            this.there = DatasetPath.isVisible(child.name()) ? (LocalDataset) child.resolve() : null;
            this.seen = seen(there);
        }

        /** What no job can read is nobody's. */
        private boolean isShown() {
            return there == null || seen != null;
        }

        @Override
        public String name() {
            return child.name();
        }

        @Override
        public String encodedName() {
            return child.encodedName();
        }

        @Override
        public boolean isLink() {
            return child.isLink();
        }

        @Override
        public ResolvedDataset resolve() {
            return seen;
        }
    }
}
