package tinderbox.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tinderbox.security.auth.Role;
import tinderbox.security.auth.TokenAdmin;

/**
 * Runs schemathesis, a fuzzer of others, over openapi.yaml: on a server that needs no tokens, and with a token of each
 * role. {@code schemathesis.toml} says what it leaves out.
 */
public final class ApiFuzz {
    private static final String VERSION = "4.32.5";

    private final Path program;

    private ApiFuzz(Path program) {
        this.program = program;
    }

    /** Installs schemathesis, unless it is there. */
    static ApiFuzz install() throws PythonTools.MissingException {
        return new ApiFuzz(PythonTools.install("schemathesis-" + VERSION, "schemathesis==" + VERSION)
                .resolve("schemathesis"));
    }

    /**
     * Starts a server and runs schemathesis four times.
     *
     * @param seconds how long each of the four runs may take
     * @return what the runs found, by the role; nothing if all is well
     */
    Map<String, String> run(Path base, int seconds) throws Exception {
        Map<String, String> failures = new LinkedHashMap<>();
        Path dataDir = base.resolve("data");
        try (ServerProcess server = ServerProcess.on(dataDir)
                .with("--max-requests-per-second", "100000", "--max-jobs-per-minute", "1000000")
                .start()) {
            run(server, null, "none", seconds, base, failures);
            Map<Role, String> tokens = new LinkedHashMap<>();
            for (Role role : Role.values()) {
                tokens.put(role, new TokenAdmin(dataDir, Clock.systemUTC()).create(role.code(), role, null));
            }
            for (Map.Entry<Role, String> token : tokens.entrySet()) {
                run(server, token.getValue(), token.getKey().code(), seconds, base, failures);
            }
        }
        return failures;
    }

    private void run(
            ServerProcess server, String token, String role, int seconds, Path base, Map<String, String> failures)
            throws IOException {
        Path output = base.resolve("schemathesis-" + role + ".txt");
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--config-file",
                Path.of("schemathesis.toml").toAbsolutePath().toString(),
                "run",
                server.uri() + "api/v1/openapi.yaml",
                "--max-time",
                Integer.toString(seconds)));
        if (token != null) {
            command.addAll(List.of("--header", "Authorization: Bearer " + token));
        }
        Process process = new ProcessBuilder(command)
                .directory(base.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            // It finishes the request that it is sending, which may wait for a job, and reports.
            boolean ended = process.waitFor(seconds + 180L, TimeUnit.SECONDS);
            String text = Files.readString(output, StandardCharsets.UTF_8);
            System.out.println("schemathesis, role " + role + ": "
                    + text.substring(Math.max(0, text.indexOf("Test cases:"))).strip());
            if (!ended || process.exitValue() != 0) {
                failures.put(role, text);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        } finally {
            process.destroyForcibly();
        }
    }

    /** Runs it for a soak; returns whether all is well. */
    static boolean soak(Path base, int minutes) throws Exception {
        try {
            Map<String, String> failures =
                    install().run(Files.createDirectories(base), minutes * 60 / (Role.values().length + 1));
            failures.values().forEach(System.out::println);
            return failures.isEmpty();
        } catch (PythonTools.MissingException e) {
            System.out.println("schemathesis is needed, and so is Python 3 with venv and pip: " + e.getMessage());
            return false;
        }
    }
}
