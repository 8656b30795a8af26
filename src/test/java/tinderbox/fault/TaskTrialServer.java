package tinderbox.fault;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import tinderbox.Server;
import tinderbox.config.ConfigLoader;
import tinderbox.config.Setting;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.JobTypes;

/** A server that also has {@link TaskTrialJob}. Its arguments are pairs of a flag and a value, as the real one has them. */
public final class TaskTrialServer {
    private TaskTrialServer() {}

    public static void main(String[] arguments) throws Exception {
        Map<Setting, List<String>> flags = new EnumMap<>(Setting.class);
        for (int i = 0; i < arguments.length; i += 2) {
            String flag = arguments[i];
            Setting setting = Stream.of(Setting.values())
                    .filter(each -> each.flag().equals(flag))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(flag));
            flags.computeIfAbsent(setting, key -> new ArrayList<>()).add(arguments[i + 1]);
        }
        List<JobType<?>> types = new ArrayList<>(JobTypes.builtIn());
        types.add(new TaskTrialJob());
        Server server =
                Server.start(new ConfigLoader(flags, Map.of(), null, Path.of("")).load(), types, Clock.systemUTC());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println("Tinderbox is at " + server.url());
    }

    /** The classes of the job type as a JAR, for {@code spark.jars}. */
    static Path jar(Path folder) {
        try {
            Path jar = Files.createDirectories(folder).resolve("task-trial.jar");
            Path classes = classes();
            try (OutputStream file = Files.newOutputStream(jar);
                    JarOutputStream out = new JarOutputStream(file);
                    Stream<Path> all = Files.list(classes.resolve("tinderbox/fault"))) {
                for (Path each : all.filter(
                                path -> path.getFileName().toString().startsWith("TaskTrialJob"))
                        .toList()) {
                    out.putNextEntry(new JarEntry(classes.relativize(each).toString()));
                    Files.copy(each, out);
                    out.closeEntry();
                }
            }
            return jar;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The folder of the compiled tests. */
    static Path classes() {
        try {
            return Path.of(TaskTrialServer.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
