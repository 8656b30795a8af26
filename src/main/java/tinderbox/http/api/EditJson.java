package tinderbox.http.api;

import com.dslplatform.json.CompiledJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tinderbox.common.Sha256;
import tinderbox.http.message.Request;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.Job;
import tinderbox.job.JobEdits;
import tinderbox.job.JobException;
import tinderbox.job.JobPatch;
import tinderbox.json.Json;

/** What users may change of a job: name, note and labels. */
final class EditJson {
    private static final String NAME = "name";
    private static final String NOTE = "note";
    private static final String LABELS = "labels";
    /** Half of this is enough to distinguish versions. */
    private static final int VERSION_CHARS = 16;

    private EditJson() {}

    @CompiledJson
    record Content(String name, boolean named, String note, Map<String, String> labels) {}

    /** Names the present version of what can be changed; without a hyphen. */
    static String version(Job job) {
        return version(job.name(), job.isNamed(), job.note(), job.labels());
    }

    static String version(String name, boolean named, String note, Map<String, String> labels) {
        byte[] content = Json.write(new Content(name, named, note, labels));
        return Sha256.hex(content).substring(0, VERSION_CHARS);
    }

    /**
     * Reads a merge patch.
     *
     * @throws JobException {@link ErrorCode#UNKNOWN_FIELD}, {@link ErrorCode#WRONG_TYPE} or {@link
     *     ErrorCode#INVALID_JOB}
     */
    static JobPatch read(Request request) {
        Map<String, Object> body = request.body().object();
        checkShape(body);
        String name = blankIsNull((String) body.get(NAME));
        String note = blankIsNull((String) body.get(NOTE));
        note = note == null ? null : note.replace("\r\n", "\n");
        List<FieldProblem> problems = new ArrayList<>(SubmissionJson.nameProblems(name));
        problems.addAll(noteProblems(note));
        if (!problems.isEmpty()) {
            throw new JobException(ErrorCode.INVALID_JOB, "The job cannot be changed like this", problems);
        }
        Map<String, String> labels = new LinkedHashMap<>();
        if (body.get(LABELS) instanceof Map<?, ?> sent) {
            sent.forEach((key, value) -> labels.put((String) key, (String) value));
        }
        return new JobPatch(
                body.containsKey(NAME),
                name,
                body.containsKey(NOTE),
                note,
                body.containsKey(LABELS) && body.get(LABELS) == null,
                labels);
    }

    private static String blankIsNull(String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static void checkShape(Map<String, Object> body) {
        List<FieldProblem> unknown = new ArrayList<>();
        List<FieldProblem> wrong = new ArrayList<>();
        body.forEach((field, value) -> {
            switch (field) {
                case NAME, NOTE -> {
                    if (value != null && !(value instanceof String)) {
                        wrong.add(new FieldProblem(field, "must be a text or null"));
                    }
                }
                case LABELS -> wrong.addAll(wrongLabels(value));
                default ->
                    unknown.add(new FieldProblem(
                            field, "cannot be changed; the fields are " + String.join(", ", NAME, NOTE, LABELS)));
            }
        });
        BodyShape.refuse(unknown, wrong, "a change");
    }

    private static List<FieldProblem> wrongLabels(Object labels) {
        List<FieldProblem> wrong = new ArrayList<>();
        if (labels instanceof Map<?, ?> byKey) {
            byKey.forEach((key, value) -> {
                if (value != null && !(value instanceof String)) {
                    wrong.add(new FieldProblem(LABELS + "." + key, "must be a text or null"));
                }
            });
        } else if (labels != null) {
            wrong.add(new FieldProblem(LABELS, "must be an object or null"));
        }
        return wrong;
    }

    private static List<FieldProblem> noteProblems(String note) {
        List<FieldProblem> problems = new ArrayList<>();
        if (note != null && note.codePointCount(0, note.length()) > JobEdits.MAX_NOTE) {
            problems.add(new FieldProblem(NOTE, "must not be longer than " + JobEdits.MAX_NOTE + " characters"));
        }
        if (note != null && note.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
            problems.add(new FieldProblem(NOTE, "must not have control characters other than line feeds and tabs"));
        }
        return problems;
    }
}
