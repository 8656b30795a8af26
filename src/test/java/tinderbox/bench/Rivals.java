package tinderbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The ways to count that are no more than a call of something else. */
final class Rivals {
    private Rivals() {}

    /** A loop in a warm JVM of its own. */
    record Loop(String name, CountingJvm jvm, String way) implements Rival {
        @Override
        public void count(Path input, Path output) throws Exception {
            jvm.count(way, input, output);
        }

        @Override
        public Optional<Path> rows(Path output, Path csv) {
            return Optional.of(output);
        }
    }

    /** A query in a warm Spark session of its own. */
    record Query(String name, CountingJvm jvm, String way) implements Rival {
        @Override
        public void count(Path input, Path output) throws Exception {
            jvm.count(way, input, output);
        }

        @Override
        public Optional<Path> rows(Path output, Path csv) throws IOException {
            SparkCsv.toOurs(output, csv);
            return Optional.of(csv);
        }
    }

    /** What every Unix has. Its lines are not ordered as ours where counts are equal, so they are only counted. */
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
            Programs.run(shell);
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
     * A new process for each count. The script of that name would first start another JVM to put the command together;
     * that is left out here.
     */
    record Submit(String name, Path app) implements Rival {
        /** Packs the query for it. */
        static Submit make(String name, Path folder) throws IOException {
            Path app = folder.resolve("query.jar");
            Programs.pack(app, List.of(SparkSqlApp.class, tinderbox.support.SparkSqlWordCount.class));
            return new Submit(name, app);
        }

        @Override
        public void count(Path input, Path output) throws Exception {
            List<String> command =
                    SparkJvm.command(SparkJvm.jar().toString(), "org.apache.spark.deploy.SparkSubmit", List.of());
            for (String setting : SparkJvm.SETTINGS) {
                command.addAll(List.of("--conf", setting));
            }
            command.addAll(List.of("--conf", "spark.local.dir=" + output.getParent()));
            command.addAll(List.of("--class", SparkSqlApp.class.getName(), app.toString()));
            command.addAll(List.of(input.toString(), output.toString()));
            Programs.run(
                    new ProcessBuilder(command).directory(output.getParent().toFile()));
            if (!Files.exists(output.resolve("_SUCCESS"))) {
                throw new IOException("it wrote nothing");
            }
        }

        @Override
        public Optional<Path> rows(Path output, Path csv) throws IOException {
            SparkCsv.toOurs(output, csv);
            return Optional.of(csv);
        }

        @Override
        public boolean warmsUp() {
            return false;
        }
    }
}
