package tinderbox.page;

import static tinderbox.support.ConfigBuilder.aConfig;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import tinderbox.Server;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.JobTypes;
import tinderbox.support.EveryTypeJob;
import tinderbox.support.ScriptJob;

/** A server with more job types. Its arguments are {@code --port N --data-dir FOLDER --root NAME=FOLDER}. */
final class OtherTypesServer {
    private OtherTypesServer() {}

    public static void main(String[] arguments) throws Exception {
        String[] root = arguments[5].split("=", 2);
        List<JobType<?>> types = new ArrayList<>(JobTypes.builtIn());
        types.add(new ScriptJob());
        types.add(new EveryTypeJob());
        Server server = Server.start(
                aConfig(Path.of(arguments[3]))
                        .port(Integer.parseInt(arguments[1]))
                        .root(root[0], Path.of(root[1]))
                        .build(),
                types,
                Clock.systemUTC());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println("Tinderbox is at " + server.url());
    }
}
