package tinderbox.http.api;

import io.undertow.util.Headers;
import java.io.IOException;
import tinderbox.dataset.Upload;
import tinderbox.dataset.Uploader;
import tinderbox.dataset.Uploads;
import tinderbox.http.message.MinimumTransferRate;
import tinderbox.http.message.PercentCodec;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.security.auth.Authenticator;
import tinderbox.security.auth.Role;

/** The endpoints that upload and delete datasets. */
final class UploadHandlers {
    private static final String FOLDER = "/api/v1/datasets/" + Uploads.ROOT + "/";

    private final Uploads uploads;
    private final Authenticator authenticator;

    UploadHandlers(Uploads uploads, Authenticator authenticator) {
        this.uploads = uploads;
        this.authenticator = authenticator;
    }

    Response put(Request request) throws IOException {
        String name = request.captured().get("name");
        boolean replace = request.query().flag("replace");
        request.query().check();
        try (Upload upload =
                uploads.begin(name, replace, request.streamingBody().length(), uploader(request))) {
            request.streamingBody().copyTo(upload, new MinimumTransferRate(uploads.limits(), System::nanoTime));
            authenticator.checkOpenTo(request.principal());
            Upload.Published published = upload.publish();
            CatalogHandlers.EntryJson entry = CatalogHandlers.EntryJson.of(published.entry());
            return published.replaced()
                    ? Response.json(200, entry)
                    : Response.json(201, entry).with(Headers.LOCATION, FOLDER + PercentCodec.encodeSegment(name));
        }
    }

    private static Uploader uploader(Request request) {
        return new Uploader(
                request.submitter(),
                request.principal().role() == Role.ADMIN,
                request.requestOrigin().holder(),
                request.visibility());
    }

    Response delete(Request request) throws IOException {
        uploads.delete(request.captured().get("name"), uploader(request));
        return Response.empty(204);
    }
}
