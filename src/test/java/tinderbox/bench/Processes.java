package tinderbox.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Runs other programs until they exit. */
final class Processes {
    private static final long MINUTES = 20;

    private Processes() {}

    /** Runs a program that must succeed, and discards its output. */
    static void run(ProcessBuilder program) throws IOException, InterruptedException {
        Process process = program.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread killer = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(killer);
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                throw new IOException("still running after " + MINUTES + " minutes");
            }
        } finally {
            process.destroyForcibly();
            Runtime.getRuntime().removeShutdownHook(killer);
        }
        if (process.exitValue() != 0) {
            throw new IOException("it exited with " + process.exitValue());
        }
    }

    /** Writes classes to a JAR. */
    static void pack(Path jar, List<Class<?>> classes) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Class<?> each : classes) {
                String name = each.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(name));
                try (InputStream bytes = each.getResourceAsStream("/" + name)) {
                    bytes.transferTo(out);
                }
                out.closeEntry();
            }
        }
    }
}
