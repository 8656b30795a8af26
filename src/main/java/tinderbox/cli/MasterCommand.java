package tinderbox.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.cluster.MasterProcess;
import tinderbox.common.LoopbackAddress;
import tinderbox.config.ConfigException;

/** {@code tinderbox master}: runs the master of a Spark cluster until it is stopped. */
final class MasterCommand {
    static final String NAME = "master";

    private static final int DEFAULT_PORT = 7077;
    private static final int DEFAULT_UI_PORT = 8090;

    private MasterCommand() {}

    static CommandSpec spec() {
        CommandSpec master = CommandSpec.create().name(NAME);
        master.usageMessage()
                .description(
                        "Run the master of a Spark cluster: it knows the workers, and gives their cores to a server"
                                + " that is started with --master spark://ADDRESS:PORT. A restarted master continues where it"
                                + " was; running jobs do not notice.");
        ClusterOptions.add(
                master,
                "Address of this machine at which workers and servers reach the master. Default: 127.0.0.1.",
                ClusterOptions.port(
                        ClusterOptions.PORT, DEFAULT_PORT, "Port for workers and servers; 0 takes any free one."),
                DEFAULT_UI_PORT);
        return master;
    }

    /** Runs the command, and returns the exit code. */
    static int run(ParseResult parsed) throws ConfigException {
        PrintWriter out = parsed.commandSpec().commandLine().getOut();
        ClusterOptions options = ClusterOptions.of(parsed);
        List<String> problems = new ArrayList<>();
        String host = options.host(problems).orElseGet(LoopbackAddress::address);
        int port = options.port(ClusterOptions.PORT, DEFAULT_PORT, problems);
        int uiPort = options.port(ClusterOptions.UI_PORT, DEFAULT_UI_PORT, problems);
        return options.run(List.of(host), problems, folder -> {
            MasterProcess master = MasterProcess.start(host, port, uiPort, folder, options.sparkConf());
            out.println("The master is at " + master.url());
            out.println("Its web page is http://" + LoopbackAddress.address() + ":" + master.uiPort() + "/");
            out.flush();
            return master;
        });
    }
}
