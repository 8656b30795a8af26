package tinderbox.executor;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.PluginContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the driver does with the messages of executors, by type. Static, because Spark creates the plugin. Handlers are
 * installed before the session starts; the newest of a type counts.
 */
public final class DriverHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(DriverHandlers.class);
    private static final Map<Class<?>, Handler<?, ?>> HANDLERS = new ConcurrentHashMap<>();

    private static volatile PluginContext driver;
    private static volatile Consumer<SparkContext> onSession = context -> {};

    private DriverHandlers() {}

    /**
     * Handles the requests of one type. Spark calls all handlers on one thread, so they must not block.
     *
     * @param <R> the type of the request
     * @param <A> the type of the answer
     */
    @FunctionalInterface
    public interface Handler<R extends Request<A>, A> {
        /**
         * Handles one request.
         *
         * @param executor Spark's id of the executor that says it has sent this
         * @return the answer, which may be null
         * @throws Exception its message is what the executor gets
         */
        A handle(String executor, R request) throws Exception;
    }

    /** Installs the handler of a type. */
    public static <R extends Request<A>, A> void install(Class<R> type, Handler<R, A> handler) {
        HANDLERS.put(type, handler);
    }

    /** Calls {@code listener} with each new session before it gets its first executor. */
    public static void onSession(Consumer<SparkContext> listener) {
        onSession = listener;
    }

    static void sessionStarts(SparkContext context, PluginContext plugin) {
        driver = plugin;
        onSession.accept(context);
    }

    /** Waits until the messages that have arrived so far are handled, at most {@code spark.rpc.askTimeout}. */
    public static void catchUp() throws InterruptedException {
        PluginContext own = driver;
        if (own == null) {
            return;
        }
        try {
            // Messages are handled in the order of their arrival.
            own.ask(MessageCodec.encode(new Envelope(own.executorID(), new CatchUp(), true)));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            LOG.debug("The session has ended", e);
        }
    }

    private record CatchUp() implements Request<Void> {
        private static final long serialVersionUID = 1;
    }

    /**
     * Handles an encoded request. An executor cannot harm the driver: what is not understood is refused.
     *
     * @return the encoded answer; null if the sender does not wait for one
     */
    static byte[] handle(Object message) throws IOException {
        boolean answered = true;
        Answer answer;
        try {
            Envelope envelope = envelope(message);
            answered = envelope.answered();
            answer = new Answer(handle(envelope.executor(), envelope.request()), null);
        } catch (Exception e) {
            LOG.debug("A message of an executor was refused", e);
            answer = new Answer(null, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
        return answered ? MessageCodec.encode(answer) : null;
    }

    private static Envelope envelope(Object message) throws IOException {
        if (message instanceof byte[] bytes && MessageCodec.decode(bytes) instanceof Envelope envelope) {
            return envelope;
        }
        throw new IOException("not a message of this version of Tinderbox");
    }

    @SuppressWarnings("unchecked") // install binds each type to a handler of it
    private static Object handle(String executor, Request<?> request) throws Exception {
        Handler<Request<Object>, Object> handler = (Handler<Request<Object>, Object>) HANDLERS.get(request.getClass());
        if (handler == null) {
            throw new IOException("the driver does not know messages of type "
                    + request.getClass().getSimpleName());
        }
        return handler.handle(executor, (Request<Object>) request);
    }
}
