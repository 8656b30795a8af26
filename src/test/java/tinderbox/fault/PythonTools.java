package tinderbox.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tinderbox.support.ToolCache;

/** Programs in Python that tests use, and the libraries of such programs. */
public final class PythonTools {
    private static final long INSTALL_MINUTES = 5;
    /** Is there once everything is installed. */
    private static final String COMPLETE = "tinderbox-complete";

    private PythonTools() {}

    /** Python, pip or what it should download is not there; the message says why. */
    public static final class MissingException extends Exception {
        private static final long serialVersionUID = 1L;

        MissingException(String message) {
            super(message);
        }
    }

    /**
     * Installs packages with pip, into a folder of their own in the user's cache, unless they are there.
     *
     * @param name the name of the folder, with everything on which its content depends
     * @return the folder of the programs, such as {@code python}
     */
    public static Path install(String name, String... packages) throws MissingException {
        Path folder = ToolCache.folder(name);
        Path complete = folder.resolve(COMPLETE);
        if (!Files.exists(complete)) {
            require(List.of("python3", "-m", "venv", folder.toString()));
            List<String> install =
                    new ArrayList<>(List.of(folder.resolve("bin/pip").toString(), "install", "-q"));
            install.addAll(List.of(packages));
            require(install);
            try {
                Files.writeString(complete, "");
            } catch (IOException e) {
                throw new MissingException(e.toString());
            }
        }
        return folder.resolve("bin");
    }

    private static void require(List<String> command) throws MissingException {
        try {
            Path output = Files.createTempFile("tinderbox-install", ".log");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES);
            process.destroyForcibly();
            if (!ended || process.exitValue() != 0) {
                throw new MissingException(String.join(" ", command) + " fails: " + Files.readString(output));
            }
            Files.delete(output);
        } catch (IOException e) {
            throw new MissingException(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MissingException("interrupted");
        }
    }
}
