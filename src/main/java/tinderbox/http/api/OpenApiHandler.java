package tinderbox.http.api;

import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.http.server.StaticFile;

/** The endpoint for the description of the API. */
final class OpenApiHandler {
    private OpenApiHandler() {}

    /** Read by the first request, because most servers are never asked for it. */
    private static final class Document {
        private static final StaticFile FILE = StaticFile.ofResource("openapi.yaml");
    }

    static Response document(Request request) {
        return Document.FILE.handle(request);
    }
}
