package tinderbox.http.api;

import java.util.List;
import tinderbox.http.message.Request;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.JobTypes;
import tinderbox.security.auth.Principal;
import tinderbox.security.auth.Role;

/** Which job types a principal may run. */
record TypeAccess(JobTypes types) {
    /** The types that the sender may run, in the order of the form. */
    List<JobType<?>> of(Request request) {
        return types.all().stream()
                .filter(type -> mayRun(request.principal(), type.name()))
                .toList();
    }

    /**
     * Checks that the sender may run jobs of a type, which may be unknown.
     *
     * @throws JobException {@link ErrorCode#FORBIDDEN}
     */
    void check(Request request, String type) {
        if (!mayRun(request.principal(), type)) {
            throw new JobException(
                    ErrorCode.FORBIDDEN,
                    "On this server, only admins run jobs of the type " + type,
                    "ask an admin to run it, or have the server started with --" + type + " on");
        }
    }

    private boolean mayRun(Principal principal, String type) {
        return principal.role() == Role.ADMIN || !types.isForAdmins(type);
    }
}
