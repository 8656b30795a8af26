package tinderbox.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.cluster.MasterWait;
import tinderbox.cluster.WorkerProcess;
import tinderbox.common.MasterUrl;
import tinderbox.config.ConfigException;

/** {@code tinderbox worker URL}: runs a worker of a Spark cluster until it is stopped. */
final class WorkerCommand {
    static final String NAME = "worker";

    private static final String CORES = "--cores";
    private static final String MEMORY = "--memory";
    private static final int DEFAULT_UI_PORT = 8091;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,6})(MiB|GiB)");
    private static final long RESERVED_BYTES = 1L << 30;
    private static final long MIN_BYTES = 512L << 20;

    private WorkerCommand() {}

    static CommandSpec spec() {
        CommandSpec worker = CommandSpec.create().name(NAME);
        worker.usageMessage()
                .description(
                        "Run a worker of a Spark cluster: it starts executors, which run the tasks of jobs and end with"
                                + " it. It waits while its master is away.");
        worker.addPositional(PositionalParamSpec.builder()
                .type(String.class)
                .paramLabel("URL")
                .index("0")
                .required(true)
                .arity("1")
                .description("The master, as it has printed it: spark://host:port.")
                .build());
        ClusterOptions.add(
                worker,
                "Address of this machine in the cluster. Default: the one from which the master is reached.",
                ClusterOptions.port(ClusterOptions.PORT, 0, "Port for the master; 0 is any free one."),
                DEFAULT_UI_PORT);
        worker.addOption(OptionSpec.builder(CORES)
                .type(Integer.class)
                .paramLabel("N")
                .description("Cores for executors: as many tasks run at the same time. Default: all of this machine.")
                .build());
        worker.addOption(ClusterOptions.option(
                        MEMORY,
                        "SIZE",
                        "Memory for all executors together, such as 700MiB or 6GiB. Default: all of this machine but"
                                + " 1 GiB.")
                .build());
        return worker;
    }

    /** Runs the command, and returns the exit code. */
    static int run(ParseResult parsed) throws ConfigException {
        PrintWriter out = parsed.commandSpec().commandLine().getOut();
        ClusterOptions options = ClusterOptions.of(parsed);
        List<String> problems = new ArrayList<>();
        String url = parsed.matchedPositionalValue(0, "");
        Optional<MasterUrl> master = MasterUrl.parse(url);
        if (master.isEmpty()) {
            problems.add("\"" + url + "\" must be the address of a master, such as spark://10.0.0.5:7077");
        }
        Optional<String> host = options.host(problems);
        int port = options.port(ClusterOptions.PORT, 0, problems);
        int uiPort = options.port(ClusterOptions.UI_PORT, DEFAULT_UI_PORT, problems);
        int cores = cores(parsed, problems);
        long memory = memory(parsed, problems);
        List<String> hosts = new ArrayList<>();
        host.ifPresent(hosts::add);
        master.ifPresent(known -> hosts.addAll(known.hosts()));
        return options.run(hosts, problems, folder -> {
            String address = new MasterWait(master.get(), host, options.sparkConf()).await();
            WorkerProcess.Offer offer = new WorkerProcess.Offer(address, port, uiPort, cores, memory);
            WorkerProcess worker = WorkerProcess.start(master.get().urls(), offer, folder, options.sparkConf());
            out.println("The worker is at " + worker.address() + ", with " + cores + (cores == 1 ? " core" : " cores")
                    + " and " + (memory >> 20) + " MiB for executors; it registers with " + url);
            out.flush();
            return worker;
        });
    }

    private static int cores(ParseResult parsed, List<String> problems) {
        int cores = parsed.matchedOptionValue(CORES, Runtime.getRuntime().availableProcessors());
        if (cores < 1 || cores > 100_000) {
            problems.add(CORES + ": " + cores + " must be a whole number from 1 to 100000");
        }
        return cores;
    }

    private static long memory(ParseResult parsed, List<String> problems) {
        String text = parsed.matchedOptionValue(MEMORY, null);
        if (text == null) {
            OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return Math.max(machine.getTotalMemorySize() - RESERVED_BYTES, MIN_BYTES);
        }
        Matcher matcher = SIZE.matcher(text);
        long bytes = matcher.matches()
                ? Long.parseLong(matcher.group(1)) << (matcher.group(2).equals("GiB") ? 30 : 20)
                : 0;
        if (bytes < MIN_BYTES) {
            problems.add(MEMORY + ": \"" + text + "\" must be a size such as 700MiB or 6GiB, at least 512MiB");
        }
        return bytes;
    }
}
