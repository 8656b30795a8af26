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
 * Opens a file below a root without following any link below the root. This is the last of the three checks of a path: if
 * the file or a folder above it has been replaced by a link since the path was checked, opening fails.
 */
public final class NoFollowOpener {
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private NoFollowOpener() {}

    /**
     * Opens a file for reading.
     *
     * @param root the folder of a root, which may itself be reached through links
     * @param file a path below it that had no links when it was checked
     * @throws FileReplacedException if the path now has a link, or does not end at a regular file
     * @throws java.nio.file.NoSuchFileException if it no longer exists
     */
    public static SeekableByteChannel open(Path root, Path file) throws IOException {
        Path way = root.relativize(file);
        try (DirectoryStream<Path> folder = Files.newDirectoryStream(root)) {
            return folder instanceof SecureDirectoryStream<Path> held
                    ? descend(held, way, file)
                    : lookAndOpen(root, way);
        }
    }

    /** Opens each folder relative to its open parent, so that replacing a parent has no effect. */
    private static SeekableByteChannel descend(SecureDirectoryStream<Path> folder, Path way, Path file)
            throws IOException {
        Path step = way.getName(0);
        BasicFileAttributes there = folder.getFileAttributeView(
                        step, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
        boolean last = way.getNameCount() == 1;
        if (last ? !there.isRegularFile() : !there.isDirectory()) {
            throw new FileReplacedException(file.toString());
        }
        if (last) {
            return folder.newByteChannel(step, READ);
        }
        try (SecureDirectoryStream<Path> next = folder.newDirectoryStream(step, LinkOption.NOFOLLOW_LINKS)) {
            return descend(next, way.subpath(1, way.getNameCount()), file);
        }
    }

    /** For systems without {@link SecureDirectoryStream}. A link that appears between check and open is followed there. */
    static SeekableByteChannel lookAndOpen(Path root, Path way) throws IOException {
        Path at = root;
        for (Path step : way) {
            at = at.resolve(step);
            if (Files.isSymbolicLink(at)) {
                throw new FileReplacedException(root.resolve(way).toString());
            }
        }
        if (Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileReplacedException(at.toString());
        }
        return Files.newByteChannel(at, READ);
    }
}
