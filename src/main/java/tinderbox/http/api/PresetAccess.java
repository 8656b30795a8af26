package tinderbox.http.api;

import java.util.List;
import java.util.Optional;
import tinderbox.http.message.Request;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.JobRequest;
import tinderbox.preset.Preset;
import tinderbox.preset.Presets;
import tinderbox.security.auth.Role;

/** Which presets a principal sees: its own, and those that are shared; admins see all. */
record PresetAccess(Presets presets) {
    /** Those that the sender sees, in the order of their names. */
    List<Preset> of(Request request) {
        return presets.all().stream().filter(preset -> isSeen(request, preset)).toList();
    }

    /** The preset with this id, if the sender sees it. */
    Optional<Preset> find(Request request, String id) {
        return presets.find(id).filter(preset -> isSeen(request, preset));
    }

    /**
     * Checks that the sender sees the preset of a submission, which may be null.
     *
     * @throws JobException {@link ErrorCode#INVALID_JOB}
     */
    void check(Request request, String id) {
        if (id != null && find(request, id).isEmpty()) {
            throw new JobException(
                    ErrorCode.INVALID_JOB,
                    "The job cannot be accepted",
                    List.of(new FieldProblem(
                            "preset", "does not exist any more; GET /api/v1/presets lists what there is")));
        }
    }

    /** The preset of a job that is run again; null unless the sender sees it, and it is still what the job runs. */
    String ofRerun(Request request, JobRequest job) {
        String id = job.origin().preset();
        return id == null
                ? null
                : find(request, id)
                        .filter(preset -> preset.type().equals(job.type())
                                && preset.params().equals(job.params()))
                        .map(Preset::id)
                        .orElse(null);
    }

    private static boolean isSeen(Request request, Preset preset) {
        return preset.shared()
                || request.principal().role() == Role.ADMIN
                || request.submitter().equals(preset.owner());
    }
}
