package tinderbox.http.message;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** The id of a request, in its response and in the log. */
public final class RequestId {
    private static final AttachmentKey<String> KEY = AttachmentKey.create(String.class);

    private RequestId() {}

    /** Gives a request an id. */
    public static String assign(HttpServerExchange exchange) {
        String id = random();
        exchange.putAttachment(KEY, id);
        return id;
    }

    /** A new id. */
    public static String random() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    /** The id of a request. */
    public static String of(HttpServerExchange exchange) {
        return exchange.getAttachment(KEY);
    }
}
