package tinderbox.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import tinderbox.http.RequestFuzzer;
import tinderbox.oracle.SqlSoak;

/**
 * Tests that take too long for every build: {@code --rounds N} kills a server N times under load, {@code --jobs N} runs N
 * jobs on one server, {@code --fuzz N} sends N nearly valid requests, {@code --attack} measures how quickly a stranger is
 * served while others attack the server, {@code --cluster [NAME]} breaks a cluster in many ways, or only in those whose
 * names contain NAME, {@code --class [--minutes N]} has {@link ClassSoak a class} on a private server, {@code --sql [PART]
 * [--statements N]} asks many queries ({@link SqlSoak}), {@code --api [--minutes N]} runs schemathesis ({@link ApiFuzz}).
 * {@code --seed S} repeats the choices of an earlier run. Exits with 1 if a check
 * fails.
 */
public final class Soak {
    private int rounds;
    private int jobs;
    private int fuzzRequests;
    private boolean attack;
    private boolean api;
    private String cluster;
    private String sql;
    private boolean isClass;
    private int minutes = 10;
    private int statements = 100_000;
    private long seed = new Random().nextLong();

    private Soak() {}

    public static void main(String[] arguments) throws Exception {
        Soak soak = new Soak();
        if (!soak.parse(arguments)) {
            System.err.println("usage: ./run.sh soak [--rounds N | --jobs N | --fuzz N | --attack | --cluster [NAME]"
                    + " | --class [--minutes N] | --sql [PART] [--statements N] | --api [--minutes N]] [--seed S]");
            System.exit(2);
        }
        System.exit(soak.run() ? 0 : 1);
    }

    private boolean parse(String[] arguments) {
        if (List.of(arguments).equals(List.of("--attack"))) {
            attack = true;
            return true;
        }
        if (arguments.length > 0 && arguments[0].equals("--cluster") && arguments.length <= 2) {
            cluster = arguments.length == 1 ? "" : arguments[1];
            return true;
        }
        int first = 0;
        if (arguments.length > 0 && arguments[0].equals("--api")) {
            api = true;
            minutes = 60;
            first = 1;
        }
        if (arguments.length > 0 && arguments[0].equals("--sql")) {
            boolean isPart = arguments.length > 1 && SqlSoak.PARTS.contains(arguments[1]);
            sql = isPart ? arguments[1] : "";
            first = isPart ? 2 : 1;
        }
        if (arguments.length > 0 && arguments[0].equals("--class")) {
            isClass = true;
            first = 1;
        }
        try {
            for (int i = first; i + 1 < arguments.length; i += 2) {
                switch (arguments[i]) {
                    case "--rounds" -> rounds = Integer.parseUnsignedInt(arguments[i + 1]);
                    case "--jobs" -> jobs = Integer.parseUnsignedInt(arguments[i + 1]);
                    case "--fuzz" -> fuzzRequests = Integer.parseUnsignedInt(arguments[i + 1]);
                    case "--statements" -> statements = Integer.parseUnsignedInt(arguments[i + 1]);
                    case "--minutes" -> minutes = Integer.parseUnsignedInt(arguments[i + 1]);
                    case "--seed" -> seed = Long.parseLong(arguments[i + 1]);
                    default -> {
                        return false;
                    }
                }
            }
        } catch (NumberFormatException e) {
            return false;
        }
        if (rounds == 0 && jobs == 0 && fuzzRequests == 0 && sql == null && !isClass && !api) {
            rounds = 200;
        }
        return (arguments.length - first) % 2 == 0;
    }

    private boolean run() throws Exception {
        Path base = Files.createTempDirectory("tinderbox-soak");
        boolean good = (rounds == 0 || crashRounds(base))
                && (jobs == 0 || ResourceUsage.check(base.resolve("leaks"), jobs))
                && (fuzzRequests == 0 || fuzz(base.resolve("fuzz")))
                && (cluster == null || ClusterSoak.run(base.resolve("cluster"), cluster))
                && (!isClass || ClassSoak.run(base.resolve("class"), minutes, seed))
                && (!api || ApiFuzz.soak(base.resolve("api"), minutes))
                && (!attack || attack(base.resolve("attack")))
                && (sql == null || SqlSoak.run(sql, statements, seed));
        if (good) {
            delete(base);
        } else {
            System.out.println("the data dir is kept in " + base);
        }
        return good;
    }

    private static boolean attack(Path dataDir) throws IOException {
        try {
            return AttackLoad.run(dataDir);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean fuzz(Path dataDir) {
        System.out.println("seed " + seed);
        try (ServerProcess server =
                ServerProcess.on(dataDir).withProductionJvm().start()) {
            Map<Integer, Integer> statuses = RequestFuzzer.run(server.uri().getPort(), fuzzRequests, seed);
            System.out.println(fuzzRequests + " requests, responses by status (0: closed without one): " + statuses);
            return JobClient.status(server.apiClient(), "/livez") == 200;
        } catch (AssertionError e) {
            System.out.println(e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean crashRounds(Path base) {
        System.out.println("seed " + seed);
        long started = System.nanoTime();
        CrashRounds.Totals totals = new CrashRounds(base, seed, System.out::println).run(rounds);
        totals.violations().forEach(System.out::println);
        System.out.println(
                "took " + Duration.ofNanos(System.nanoTime() - started).toSeconds() + " s");
        System.out.println(totals.describe());
        return totals.passed();
    }

    /** Deletes a folder with all that is in it. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
