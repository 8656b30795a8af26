package tinderbox.bench;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;

/** How a program is started that has Spark from the fat JAR, with the heap that Spark gives a driver. */
final class SparkJvm {
    /** Neither the page nor the ports of a driver cost a query anything; here they listen to nobody else. */
    static final List<String> SETTINGS = List.of(
            "spark.master=local[*]",
            "spark.ui.enabled=false",
            "spark.driver.bindAddress=127.0.0.1",
            "spark.driver.host=127.0.0.1");

    private SparkJvm() {}

    /** The fat JAR. */
    static Path jar() {
        return Path.of(System.getProperty("tinderbox.jar"));
    }

    /** The command, without the arguments of the program. */
    static List<String> command(String classPath, String program, List<String> options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx1g");
        try (JarFile file = new JarFile(jar().toFile())) {
            String openings = file.getManifest().getMainAttributes().getValue("Add-Opens");
            for (String opened : openings.split(" ", -1)) {
                command.add("--add-opens=" + opened + "=ALL-UNNAMED");
            }
        }
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, program));
        return command;
    }

    /** Where a class has been loaded from. */
    static Path classes(Class<?> loaded) {
        try {
            return Path.of(
                    loaded.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
