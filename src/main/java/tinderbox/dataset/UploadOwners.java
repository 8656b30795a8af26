package tinderbox.dataset;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import tinderbox.common.ResourceShortage;
import tinderbox.job.JobException;
import tinderbox.job.Visibility;

/**
 * Who has uploaded what: for each dataset, a file with the name of its owner in it. It has the name of the dataset; a
 * comma, which no name of an upload has, stands for each slash. What an operator has put into the folder of uploads has
 * none.
 *
 * @param folder where these files are
 */
record UploadOwners(Path folder) {
    private static final String SLASH = ",";

    /** Null if nobody can have uploaded a dataset with this path. */
    private Path file(String path) {
        return path.contains(SLASH) ? null : folder.resolve(path.replace("/", SLASH));
    }

    /** The owner of a dataset; empty if there is none, or it is not known. */
    Optional<String> find(String path) {
        try {
            Path file = file(path);
            return file == null ? Optional.empty() : Optional.of(Files.readString(file));
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Whether somebody sees this dataset: it has no owner, or one whose uploads are seen. */
    boolean areSeenBy(Visibility visibility, String path) {
        if (visibility.isAll()) {
            return true;
        }
        try {
            Path file = file(path);
            return file == null || visibility.includes(Files.readString(file));
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

    /**
     * Whether somebody sees a dataset in a folder or in its folders.
     *
     * @param root the folder of uploads
     */
    boolean isAnySeenBy(Visibility visibility, Path root, Path top) {
        if (visibility.isAll()) {
            return true;
        }
        boolean[] found = new boolean[1];
        try {
            Files.walkFileTree(top, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
                    return isShown(each) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
                }

                @Override
                public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) {
                    found[0] = isShown(each)
                            && areSeenBy(visibility, root.relativize(each).toString());
                    return found[0] ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path each, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            return false;
        }
        return found[0];
    }

    private static boolean isShown(Path path) {
        return DatasetPath.isVisible(path.getFileName().toString());
    }

    /** Records who owns a dataset; null for nobody. */
    void set(String path, String owner) throws IOException {
        if (owner == null) {
            remove(path);
        } else {
            Files.writeString(file(path), owner);
        }
    }

    /** Forgets who has uploaded a dataset. */
    void remove(String path) throws IOException {
        Path file = file(path);
        if (file != null && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(file);
        }
    }

    /** What is in the place of a dataset's owner, although it is no file; null if there is nothing of that kind. */
    Path obstacle(String path) {
        Path file = file(path);
        return file != null
                        && Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? file
                : null;
    }
}
