package tinderbox.http;

import io.undertow.util.Headers;
import java.io.IOException;
import tinderbox.dataset.Upload;
import tinderbox.dataset.Uploader;
import tinderbox.dataset.Uploads;
import tinderbox.security.Role;

/** The calls that bring datasets and take them away. */
final class UploadCalls {
    private static final String FOLDER = "/api/v1/datasets/" + Uploads.ROOT + "/";

    private final Uploads uploads;

    UploadCalls(Uploads uploads) {
        this.uploads = uploads;
    }

    Answer put(Request request) throws IOException {
        String name = request.captured().get("name");
        boolean replace = request.query().flag("replace");
        request.query().check();
        try (Upload upload = uploads.begin(name, replace, request.incoming().length(), uploader(request))) {
            request.incoming().copyTo(upload, new Pace(uploads.limits(), System::nanoTime));
            Upload.Published published = upload.publish();
            CatalogCalls.EntryJson entry = CatalogCalls.EntryJson.of(published.entry());
            return published.replaced()
                    ? Answer.json(200, entry)
                    : Answer.json(201, entry).with(Headers.LOCATION, FOLDER + Percent.encodeSegment(name));
        }
    }

    private static Uploader uploader(Request request) {
        return new Uploader(
                request.submitter(),
                request.caller().role() == Role.ADMIN,
                request.sender().principal());
    }

    Answer delete(Request request) throws IOException {
        uploads.delete(request.captured().get("name"), uploader(request));
        return Answer.empty(204);
    }
}
