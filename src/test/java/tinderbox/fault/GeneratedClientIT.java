package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.security.auth.Role;
import tinderbox.security.auth.TokenAdmin;

/** A client in Python that openapi-generator makes from openapi.yaml submits a job, follows it and reads its result. */
class GeneratedClientIT {
    private static final long MAX_MINUTES = 3;

    @TempDir
    Path base;

    @Test
    void aGeneratedClientSubmitsFollowsAndReads() throws Exception {
        Path python;
        try {
            // What the generated client needs.
            python = PythonTools.install(
                            "generated-client",
                            "urllib3>=2.1,<3",
                            "python-dateutil>=2.8.2",
                            "pydantic>=2.11",
                            "typing-extensions>=4.7.1")
                    .resolve("python");
        } catch (PythonTools.MissingException e) {
            System.err.println(
                    "GeneratedClientIT is left out: Python 3 with venv and pip is not there. " + e.getMessage());
            abort("Python is not there: " + e.getMessage());
            return;
        }
        Path client = base.resolve("client");
        run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                Path.of("target/openapi-generator.jar").toAbsolutePath().toString(),
                "generate",
                "-g",
                "python",
                "-i",
                Path.of("src/main/resources/openapi.yaml").toAbsolutePath().toString(),
                "-o",
                client.toString(),
                "--additional-properties=packageName=tinderbox_client");
        Path dataDir = base.resolve("data");
        try (ServerProcess server = ServerProcess.on(dataDir).start()) {
            String token = new TokenAdmin(dataDir, Clock.systemUTC()).create("script", Role.SUBMITTER, null);
            // Python looks for modules in the folder of the script.
            Path script = client.resolve("use_client.py");
            Files.copy(Path.of("src/test/resources/use_client.py"), script);
            String address = server.uri().toString().replaceFirst("/$", "");
            assertEquals(
                    List.of(
                            "submitted PENDING",
                            "followed snapshot to job SUCCEEDED",
                            "ended SUCCEEDED",
                            "read [[0, 0], [1, 1], [2, 4]]",
                            "found 1",
                            "refused 404 job_not_found"),
                    run(python.toString(), script.toString(), address, token)
                            .lines()
                            .toList());
        }
    }

    private String run(String... command) throws IOException, InterruptedException {
        Path output = base.resolve("output.txt");
        Path errors = base.resolve("errors.txt");
        Process process = new ProcessBuilder(command)
                .directory(base.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        boolean ended = process.waitFor(MAX_MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertEquals(
                "",
                ended && process.exitValue() == 0 ? "" : Files.readString(output) + Files.readString(errors),
                String.join(" ", command));
        return Files.readString(output);
    }
}
