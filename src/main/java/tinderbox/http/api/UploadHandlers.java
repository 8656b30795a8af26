package tinderbox.http.api;

import io.undertow.util.Headers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tinderbox.dataset.Upload;
import tinderbox.dataset.Uploader;
import tinderbox.dataset.Uploads;
import tinderbox.http.message.MinimumTransferRate;
import tinderbox.http.message.PercentCodec;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.security.auth.Authenticator;
import tinderbox.security.auth.Role;

/** The endpoints that upload, rename and delete datasets. */
final class UploadHandlers {
    private static final String FOLDER = "/api/v1/datasets/" + Uploads.ROOT + "/";

    private static final String PATH = "path";
    private static final String TO = "to";
    private static final List<String> FIELDS = List.of(PATH, TO);

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
                    : Response.json(201, entry).with(Headers.LOCATION, FOLDER + PercentCodec.encodePath(name));
        }
    }

    private static Uploader uploader(Request request) {
        return new Uploader(
                request.submitter(),
                request.principal().role() == Role.ADMIN,
                request.requestOrigin().holder(),
                request.visibility());
    }

    Response delete(Request request) {
        boolean recursive = request.query().flag("recursive");
        request.query().check();
        uploads.delete(request.captured().get("name"), recursive, uploader(request));
        return Response.empty(204);
    }

    Response rename(Request request) {
        Map<String, Object> body = request.body().object();
        if (body.get(PATH) instanceof String path) {
            request.auditDetails().setTarget(path);
        }
        checkFields(body);
        return Response.json(
                200,
                CatalogHandlers.EntryJson.of(
                        uploads.rename((String) body.get(PATH), (String) body.get(TO), uploader(request))));
    }

    private static void checkFields(Map<String, Object> body) {
        List<FieldProblem> unknown = body.keySet().stream()
                .filter(field -> !FIELDS.contains(field))
                .map(field -> new FieldProblem(field, "is unknown; the fields are " + String.join(", ", FIELDS)))
                .toList();
        List<FieldProblem> wrong = FIELDS.stream()
                .filter(field -> !(body.get(field) instanceof String))
                .map(field -> new FieldProblem(field, "must be the path of a dataset"))
                .toList();
        if (!unknown.isEmpty() || !wrong.isEmpty()) {
            List<FieldProblem> all = new ArrayList<>(unknown);
            all.addAll(wrong);
            throw new JobException(
                    unknown.isEmpty() ? ErrorCode.WRONG_TYPE : ErrorCode.UNKNOWN_FIELD,
                    "The body must have the path of a dataset and its new path",
                    all);
        }
    }
}
