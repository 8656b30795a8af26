package tinderbox.executor;

import java.io.IOException;
import org.apache.spark.api.plugin.PluginContext;

/** An executor's connection to the driver. */
public final class DriverLink {
    private static volatile DriverLink current;

    private final PluginContext context;

    private DriverLink(PluginContext context) {
        this.context = context;
    }

    static DriverLink open(PluginContext context) {
        current = new DriverLink(context);
        return current;
    }

    /** The connection of this process; null in the driver, and in local mode. */
    public static DriverLink current() {
        return current;
    }

    /**
     * Asks the driver and waits for the answer, at most {@code spark.rpc.askTimeout}.
     *
     * @throws IOException if the driver refuses the request, or cannot be reached
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    @SuppressWarnings("unchecked") // the handler of a type answers with that type
    public <A> A ask(Request<A> request) throws IOException, InterruptedException {
        Object reply;
        try {
            reply = context.ask(encoded(request, true));
        } catch (IOException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the driver does not answer", e);
        }
        if (!(reply instanceof byte[] bytes) || !(MessageCodec.decode(bytes) instanceof Answer answer)) {
            throw new IOException("the driver's answer cannot be read");
        }
        if (answer.problem() != null) {
            throw new IOException(answer.problem());
        }
        return (A) answer.value();
    }

    /** Sends a message without waiting; it may be lost. */
    public void send(Request<Void> request) throws IOException {
        context.send(encoded(request, false));
    }

    private byte[] encoded(Request<?> request, boolean answered) throws IOException {
        return MessageCodec.encode(new Envelope(context.executorID(), request, answered));
    }
}
