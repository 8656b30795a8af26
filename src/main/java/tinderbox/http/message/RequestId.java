package tinderbox.http.message;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** The name of one request, in its answer and in the log. */
public final class RequestId {
    private static final AttachmentKey<String> KEY = AttachmentKey.create(String.class);

    private RequestId() {}

    /** Names a request. */
    public static String assign(HttpServerExchange exchange) {
        String id = random();
        exchange.putAttachment(KEY, id);
        return id;
    }

    /** A name that no other request has. */
    public static String random() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    /** The name that was given. */
    public static String of(HttpServerExchange exchange) {
        return exchange.getAttachment(KEY);
    }
}
