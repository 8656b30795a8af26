package tinderbox.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import tinderbox.common.ResourceShortage;
import tinderbox.job.JobException;
import tinderbox.job.Visibility;

/**
 * Who has uploaded what: for each dataset, a file of the same name with the name of its owner in it. What an operator has
 * put into the folder of uploads has none.
 *
 * @param folder where these files are
 */
record UploadOwners(Path folder) {
    /** The owner of a dataset; empty if there is none, or it is not known. */
    Optional<String> find(String name) {
        try {
            return Optional.of(Files.readString(folder.resolve(name)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether somebody sees this dataset: it has no owner, or one whose uploads are seen. */
    boolean areSeenBy(Visibility visibility, String name) {
        if (visibility.isAll()) {
            return true;
        }
        try {
            return visibility.includes(Files.readString(folder.resolve(name)));
        } catch (NoSuchFileException e) {
            return true;
        } catch (InvalidPathException e) {
            return false;
        } catch (IOException e) {
            ResourceShortage.of(e).ifPresent(missing -> {
                throw JobException.resourceShortage(missing, e);
            });
            return false;
        }
    }

    /** Records who uploads a dataset. */
    void set(String name, String owner) throws IOException {
        Files.writeString(folder.resolve(name), owner);
    }

    /** Forgets who has uploaded a dataset. */
    void remove(String name) throws IOException {
        if (Files.isRegularFile(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(folder.resolve(name));
        }
    }

    /** What is in the place of a dataset's owner, although it is no file; null if there is nothing of that kind. */
    Path obstacle(String name) {
        Path entry = folder.resolve(name);
        return Files.exists(entry, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
                ? entry
                : null;
    }
}
