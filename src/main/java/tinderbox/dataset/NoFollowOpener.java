package tinderbox.dataset;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * The last part of the guard: opens a file that was found in a root, and follows no link on the way from the root to it.
 * What somebody has put in the place of the file, or of a folder above it, since it was found leads nowhere.
 */
public final class NoFollowOpener {
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private NoFollowOpener() {}

    /**
     * Opens a file for reading.
     *
     * @param root a folder; where it is or leads is the operator's choice
     * @param file a path below it that had no link in it when the file was found
     * @throws FileReplacedException where there is a link on the way by now, whatever it leads to, or no file at its end
     * @throws java.nio.file.NoSuchFileException where it is gone
     */
    public static SeekableByteChannel open(Path root, Path file) throws IOException {
        Path way = root.relativize(file);
        try (DirectoryStream<Path> folder = Files.newDirectoryStream(root)) {
            return folder instanceof SecureDirectoryStream<Path> held
                    ? descend(held, way, file)
                    : lookAndOpen(root, way);
        }
    }

    /** Each step begins in the folder that is held open, so that nobody can swap what is behind us. */
    private static SeekableByteChannel descend(SecureDirectoryStream<Path> folder, Path way, Path file)
            throws IOException {
        Path step = way.getName(0);
        BasicFileAttributes there = folder.getFileAttributeView(
                        step, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
        boolean last = way.getNameCount() == 1;
        if (last ? !there.isRegularFile() : !there.isDirectory()) {
            throw new FileReplacedException(file);
        }
        if (last) {
            return folder.newByteChannel(step, READ);
        }
        try (SecureDirectoryStream<Path> next = folder.newDirectoryStream(step, LinkOption.NOFOLLOW_LINKS)) {
            return descend(next, way.subpath(1, way.getNameCount()), file);
        }
    }

    /** For systems that cannot hold a folder: a link that comes between the look and the opening is followed there. */
    static SeekableByteChannel lookAndOpen(Path root, Path way) throws IOException {
        Path at = root;
        for (Path step : way) {
            at = at.resolve(step);
            if (Files.isSymbolicLink(at)) {
                throw new FileReplacedException(root.resolve(way));
            }
        }
        if (Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileReplacedException(at);
        }
        return Files.newByteChannel(at, READ);
    }
}
