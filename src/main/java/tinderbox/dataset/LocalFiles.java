package tinderbox.dataset;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** How tasks open the files of a {@link LocalRoot}. */
enum LocalFiles implements Dataset.Opener {
    /** The workers of a cluster see the same folder at the same path. */
    SHARED {
        @Override
        SeekableByteChannel openOnWorker(DriverConnection driver, Dataset.File file) throws IOException {
            try {
                return whole(openHere(file), driver, file);
            } catch (NoSuchFileException | AccessDeniedException | NotDirectoryException e) {
                throw UnreadableOnWorkerException.notMounted(file.address(), file.rootName(), driver.host(), e);
            }
        }
    },

    /** Only the server sees it, and sends its files to the tasks. */
    ON_DRIVER_ONLY {
        @Override
        SeekableByteChannel openOnWorker(DriverConnection driver, Dataset.File file) throws IOException {
            return new DriverFileChannel(driver, file.address());
        }

        @Override
        public boolean isOnDriverOnly() {
            return true;
        }
    };

    /** Another folder may be mounted there, such as an older copy: then words would be missing in the result. */
    private static SeekableByteChannel whole(SeekableByteChannel opened, DriverConnection driver, Dataset.File file)
            throws IOException {
        if (opened.size() >= file.bytes()) {
            return opened;
        }
        opened.close();
        throw new UnreadableOnWorkerException(
                file.address(),
                driver.host(),
                "the file is smaller there than on the server; is the same folder mounted there?",
                null);
    }

    abstract SeekableByteChannel openOnWorker(DriverConnection driver, Dataset.File file) throws IOException;

    private static SeekableByteChannel openHere(Dataset.File file) throws IOException {
        return NoFollowOpener.open(Path.of(file.root()), Path.of(file.location()));
    }

    @Override
    public SeekableByteChannel open(Dataset.File file) throws IOException {
        DriverConnection driver = DriverConnection.Installed.connection();
        return driver == null ? openHere(file) : openOnWorker(driver, file);
    }
}
