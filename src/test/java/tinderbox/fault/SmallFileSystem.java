package tinderbox.fault;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A small file system, mounted for one test if the user may mount. */
final class SmallFileSystem implements AutoCloseable {
    private static final int CHUNK = 4096;

    private final Path folder;

    private SmallFileSystem(Path folder) {
        this.folder = folder;
    }

    /** Mounts one of {@code size}, such as {@code 64m}, in an empty folder; empty if that is not allowed. */
    static Optional<SmallFileSystem> mount(Path folder, String size) throws IOException {
        Files.createDirectories(folder);
        return run("mount", "-t", "tmpfs", "-o", "size=" + size, "tinderbox-test", folder.toString())
                ? Optional.of(new SmallFileSystem(folder))
                : Optional.empty();
    }

    /** Mounts an overlay in an empty folder; empty if that is not allowed. */
    static Optional<SmallFileSystem> mountOverlay(Path folder, Path lower, Path upper, Path work) throws IOException {
        Files.createDirectories(folder);
        String layers = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work;
        return run("mount", "-t", "overlay", "-o", layers, "tinderbox-test", folder.toString())
                ? Optional.of(new SmallFileSystem(folder))
                : Optional.empty();
    }

    /** Uses up all inodes. */
    void fillInodes() throws IOException {
        try {
            for (int i = 0; ; i++) {
                Files.createFile(
                        Files.createDirectories(folder.resolve("inodes")).resolve(Integer.toString(i)));
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw e;
            }
        }
    }

    /** Frees the inodes. */
    void clearInodes() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("inodes"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private static boolean run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (IOException e) {
            // The program is not installed.
            return false;
        }
    }

    Path folder() {
        return folder;
    }

    long free() {
        return folder.toFile().getUsableSpace();
    }

    /** Writes a file until only {@code left} bytes are free. */
    void fill(long left) throws IOException {
        byte[] chunk = new byte[CHUNK];
        try (OutputStream filler = Files.newOutputStream(filler())) {
            while (free() > left) {
                filler.write(chunk);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw e;
            }
        }
    }

    /** Deletes the file that {@link #fill} has written. */
    void clear() throws IOException {
        Files.delete(filler());
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    @Override
    public void close() {
        try {
            if (!run("umount", folder.toString())) {
                throw new AssertionError(folder + " could not be unmounted");
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
