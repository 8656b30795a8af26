package tinderbox.executor;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.UUID;
import org.apache.spark.SparkEnv;
import tinderbox.dataset.DecompressionGuard;
import tinderbox.dataset.DriverConnection;
import tinderbox.dataset.DriverFile;
import tinderbox.dataset.DriverFiles;
import tinderbox.dataset.FileReplacedException;

/** What executors ask about inputs: pieces of files that only the server sees, and what a pass has unpacked. */
public final class InputMessages {
    private InputMessages() {}

    /** Answers the executors; in the driver, before the session starts. */
    public static void answer(DriverFiles files) {
        DriverHandlers.install(LookAtFile.class, (executor, request) -> files.look(request.address()));
        DriverHandlers.install(CheckRoot.class, (executor, request) -> files.isFilled(request.root()));
        DriverHandlers.install(ReadPiece.class, (executor, request) -> {
            try {
                return files.read(request.address(), request.expected(), request.from());
            } catch (FileReplacedException e) {
                return null;
            }
        });
        DriverHandlers.install(
                AddUnpacked.class,
                (executor, request) -> DecompressionGuard.addUnpacked(request.pass(), request.bytes()));
    }

    /** The executor's half. */
    static final class Connection implements DriverConnection {
        private final DriverLink driver;

        Connection(DriverLink driver) {
            this.driver = driver;
        }

        @Override
        public String host() {
            return SparkEnv.get().blockManager().blockManagerId().host();
        }

        @Override
        public DriverFile look(String address) throws IOException {
            return ask(new LookAtFile(address));
        }

        @Override
        public byte[] read(String address, DriverFile expected, long from) throws IOException {
            byte[] piece = ask(new ReadPiece(address, expected, from));
            if (piece == null) {
                throw new FileReplacedException(address);
            }
            return piece;
        }

        @Override
        public long unpacked(UUID pass, long bytes) throws IOException {
            return ask(new AddUnpacked(pass, bytes));
        }

        /** As with a file of this machine, an interrupt ends the read. */
        private <A> A ask(Request<A> request) throws IOException {
            try {
                return driver.ask(request);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClosedByInterruptException();
            }
        }
    }
}
