package tinderbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Rivals that only call another program or JVM. */
final class Rivals {
    private Rivals() {}

    /** A plain loop in its own, warm JVM. */
    record Loop(String name, CountingJvm jvm, String engine) implements Rival {
        @Override
        public void count(Path input, Path output) throws Exception {
            jvm.count(engine, input, output);
        }

        @Override
        public Optional<Path> rows(Path output, Path csv) {
            return Optional.of(output);
        }
    }

    /** A query in its own, warm Spark session. */
    record Query(String name, CountingJvm jvm, String engine) implements Rival {
        @Override
        public void count(Path input, Path output) throws Exception {
            jvm.count(engine, input, output);
        }

        @Override
        public Optional<Path> rows(Path output, Path csv) throws IOException {
            SparkCsv.convert(output, csv);
            return Optional.of(csv);
        }
    }

    /** A pipeline of Unix tools. It orders equal counts differently, so only the number of its lines is checked. */
    record Pipeline(String name) implements Rival {
        private static final String SCRIPT = """
                set -eu
                read_all() { if [ -d "$1" ]; then cat "$1"/*; else cat "$1"; fi; }
                read_all "$1" | tr -s '[:space:]' '\\n' | tr A-Z a-z | sort | uniq -c | sort -rn > "$2"
                """;

        @Override
        public void count(Path input, Path output) throws Exception {
            ProcessBuilder shell = new ProcessBuilder("sh", "-c", SCRIPT, "sh", input.toString(), output.toString());
            shell.environment().put("LC_ALL", "C");
            shell.environment().put("TMPDIR", output.getParent().toString());
            Processes.run(shell);
        }

        @Override
        public Optional<Path> rows(Path output, Path csv) {
            return Optional.empty();
        }

        @Override
        public boolean warmsUp() {
            return false;
        }
    }

    /**
     * A new Spark process for each count. The real {@code spark-submit} script first starts another JVM to build the
     * command; this one does not.
     */
    record Submit(String name, Path app, String main) implements Rival {
        /** Packs the query into a JAR: its main class, then others. */
        static Submit create(String name, Path folder, Class<?>... classes) throws IOException {
            Path app = folder.resolve("query.jar");
            Processes.pack(app, List.of(classes));
            return new Submit(name, app, classes[0].getName());
        }

        @Override
        public void count(Path input, Path output) throws Exception {
            List<String> command =
                    SparkJvm.command(SparkJvm.jar().toString(), "org.apache.spark.deploy.SparkSubmit", List.of());
            for (String setting : SparkJvm.SETTINGS) {
                command.addAll(List.of("--conf", setting));
            }
            command.addAll(List.of("--conf", "spark.local.dir=" + output.getParent()));
            command.addAll(List.of("--class", main, app.toString()));
            command.addAll(List.of(input.toString(), output.toString()));
            Processes.run(
                    new ProcessBuilder(command).directory(output.getParent().toFile()));
            if (!Files.exists(output.resolve("_SUCCESS"))) {
                throw new IOException("it wrote nothing");
            }
        }

        @Override
        public Optional<Path> rows(Path output, Path csv) throws IOException {
            SparkCsv.convert(output, csv);
            return Optional.of(csv);
        }

        @Override
        public boolean warmsUp() {
            return false;
        }
    }
}
