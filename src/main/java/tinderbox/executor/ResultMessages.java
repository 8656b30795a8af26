package tinderbox.executor;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import tinderbox.job.result.PartBlock;
import tinderbox.job.result.PartConnection;
import tinderbox.job.result.ResultParts;

/** What executors send of results: rows that their tasks have written. */
public final class ResultMessages {
    private ResultMessages() {}

    /** Takes the rows; in the driver, before the session starts. */
    public static void take() {
        DriverHandlers.install(WritePart.class, (executor, request) -> ResultParts.receive(request.block()));
    }

    /** The executor's half. */
    record Connection(DriverLink driver) implements PartConnection {
        @Override
        public Long send(PartBlock block) throws IOException {
            try {
                return driver.ask(new WritePart(block));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClosedByInterruptException();
            }
        }
    }
}
