package tinderbox.http.api;

import io.undertow.util.Headers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tinderbox.http.json.PresetJson;
import tinderbox.http.message.ETag;
import tinderbox.http.message.IfMatch;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.json.Json;
import tinderbox.preset.Preset;
import tinderbox.preset.Presets;

/** The endpoints of saved presets. */
final class PresetHandlers {
    private static final String NAME = "name";
    private static final String TYPE = "type";
    private static final String PARAMS = "params";
    private static final String SHARED = "shared";
    private static final Map<String, Class<?>> FIELDS = fields();
    private static final int MAX_TYPE = 100;

    private final Presets presets;
    private final PresetAccess access;
    private final TypeAccess types;

    PresetHandlers(PresetAccess access, TypeAccess types) {
        this.presets = access.presets();
        this.access = access;
        this.types = types;
    }

    private static Map<String, Class<?>> fields() {
        Map<String, Class<?>> fields = new LinkedHashMap<>();
        fields.put(NAME, String.class);
        fields.put(TYPE, String.class);
        fields.put(PARAMS, Map.class);
        fields.put(SHARED, Boolean.class);
        return fields;
    }

    Response list(Request request) {
        return Response.json(200, PresetJson.ListJson.of(access.of(request)));
    }

    Response show(Request request) {
        return response(200, find(request));
    }

    Response create(Request request) throws IOException {
        Map<String, Object> body = body(request);
        Preset.Content content = new Preset.Content(
                (String) body.get(NAME),
                (String) body.get(TYPE),
                BodyShape.members(body.get(PARAMS)),
                Boolean.TRUE.equals(body.get(SHARED)));
        Preset created = presets.create(checked(request, content, true), request.submitter());
        request.auditDetails().setTarget(created.id());
        return response(201, created).with(Headers.LOCATION, PresetJson.PATH + created.id());
    }

    Response change(Request request) throws IOException {
        Preset known = findToChange(request);
        Map<String, Object> body = body(request);
        Preset.Content changed = new Preset.Content(
                body.get(NAME) instanceof String name ? name : known.name(),
                body.get(TYPE) instanceof String type ? type : known.type(),
                body.get(PARAMS) == null ? known.params() : BodyShape.members(body.get(PARAMS)),
                body.get(SHARED) instanceof Boolean shared ? shared : known.shared());
        boolean runsSomethingElse =
                !changed.type().equals(known.type()) || !changed.params().equals(known.params());
        return response(
                200,
                presets.change(known, checked(request, changed, runsSomethingElse), request.submitter())
                        .orElseThrow(IfMatch::changedMeanwhile));
    }

    Response delete(Request request) throws IOException {
        if (!presets.delete(findToChange(request))) {
            throw IfMatch.changedMeanwhile();
        }
        return Response.empty(204);
    }

    private Preset find(Request request) {
        String id = request.captured().get("preset");
        request.auditDetails().setTarget(id);
        return access.find(request, id)
                .orElseThrow(() -> new JobException(
                        ErrorCode.PRESET_NOT_FOUND,
                        "There is no such preset",
                        "it may have been deleted; GET /api/v1/presets lists all"));
    }

    private Preset findToChange(Request request) {
        Preset preset = find(request);
        request.checkMayChange(preset.owner(), "save a copy of your own, or ask an admin");
        request.ifMatch().check(ETag.version(Json.write(PresetJson.of(preset))));
        return preset;
    }

    private static Response.Complete response(int status, Preset preset) {
        byte[] json = Json.write(PresetJson.of(preset));
        return Response.json(status, json).with(Headers.ETAG, ETag.of(json));
    }

    private static Map<String, Object> body(Request request) {
        Map<String, Object> body = request.body().object();
        BodyShape.check(body, FIELDS, List.of(), "a preset");
        return body;
    }

    /**
     * Checks what is to be saved, and adds defaults.
     *
     * @param withParams whether the parameters are checked; those that stay as they are may name what is gone
     */
    private Preset.Content checked(Request request, Preset.Content content, boolean withParams) {
        List<FieldProblem> problems = new ArrayList<>(nameProblems(content.name()));
        Map<String, Object> params = content.params();
        if (content.type() == null || content.type().length() > MAX_TYPE) {
            problems.add(new FieldProblem(TYPE, "is required; GET /api/v1/job-types lists the types"));
        } else if (withParams) {
            types.check(request, content.type());
            try {
                params = types.types()
                        .check(content.type(), params, request.visibility())
                        .params();
            } catch (JobException e) {
                if (e.code() != ErrorCode.INVALID_JOB) {
                    throw e;
                }
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new JobException(ErrorCode.INVALID_JOB, "The preset cannot be saved", problems);
        }
        return new Preset.Content(content.name().strip(), content.type(), params, content.shared());
    }

    private static List<FieldProblem> nameProblems(String name) {
        if (name == null || name.isBlank()) {
            return List.of(new FieldProblem(NAME, "is required"));
        }
        return SubmissionJson.nameProblems(name);
    }
}
