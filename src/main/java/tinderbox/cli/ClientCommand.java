package tinderbox.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.client.ClientException;
import tinderbox.client.JobType;

/** A command that is a client of a server. */
interface ClientCommand {
    /** Its name on the command line. */
    String name();

    /** Adds what it does, its options and its arguments. */
    void describe(CommandSpec spec);

    /** The job types among which its first argument is; empty if that is no type. */
    default List<JobType> types(ClientSession session) throws ClientException, InterruptedException {
        return List.of();
    }

    /** Runs the command, and returns the exit code. */
    int run(ParseResult parsed, ClientSession session) throws ClientException, InterruptedException;
}
