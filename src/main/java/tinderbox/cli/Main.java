package tinderbox.cli;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine;
import tinderbox.ExitCode;
import tinderbox.common.FileErrors;

/** The entry point of the JAR. */
public final class Main {
    private Main() {}

    /** Whether the command has no server in this process. */
    private static boolean isClientOfAnother(String[] arguments) {
        return arguments.length > 0
                && !arguments[0].equals(RunCommand.NAME)
                && ClientCommands.find(arguments[0]).isPresent();
    }

    private static PrintWriter utf8(FileDescriptor stream) {
        boolean isForMessages = stream.equals(FileDescriptor.err);
        return new PrintWriter(
                new BufferedWriter(new OutputStreamWriter(new StandardStream(stream), StandardCharsets.UTF_8)),
                isForMessages);
    }

    /** Says that the disk is full, which a writer does not. */
    private static final class StandardStream extends FileOutputStream {
        private boolean reported;

        StandardStream(FileDescriptor descriptor) {
            super(descriptor);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                super.write(bytes, offset, length);
            } catch (IOException e) {
                if (FileErrors.isFull(e) && !reported) {
                    reported = true;
                    System.err.println("tinderbox: the output is not complete: " + FileErrors.describeWithoutPath(e));
                }
                throw e;
            }
        }
    }

    public static void main(String[] arguments) {
        Optional<String> unreadable = Preflight.unreadable(System.getProperty("java.class.path"));
        if (unreadable.isPresent()) {
            System.err.println("tinderbox: " + unreadable.get());
            System.exit(ExitCode.USAGE);
        }
        // Clients log nothing, and start more quickly without it.
        if (!isClientOfAnother(arguments)) {
            LoggingStartup.begin();
        }
        CommandLine commandLine = RootCommand.commandLine();
        if (arguments.length > 0 && ClientCommands.find(arguments[0]).isPresent()) {
            // Results are in UTF-8, whatever the locale is.
            commandLine.setOut(utf8(FileDescriptor.out));
            commandLine.setErr(utf8(FileDescriptor.err));
        }
        System.exit(commandLine.execute(arguments));
    }
}
