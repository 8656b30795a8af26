package tinderbox.http.message;

import tinderbox.job.ErrorCode;

/** What a handler reports to the audit log. */
public final class AuditDetails {
    private final PartRecorder partRecorder;
    private String target;
    private boolean nothingToRecord;

    /** Records one of many changes of a request. */
    public interface PartRecorder {
        /** Records what became of a target; {@code code} is null unless it was refused. */
        void record(Request request, String target, int status, ErrorCode code);
    }

    /** Nothing reported yet. */
    public AuditDetails(PartRecorder partRecorder) {
        this.partRecorder = partRecorder;
    }

    /** Sets the target: the id of a new job, or the name of a token. */
    public void setTarget(String value) {
        target = value;
    }

    /**
     * Records one of many changes of a request at once, in a line of its own; then there is none for the response.
     *
     * @param code why the change was refused, or null
     */
    public void recordPart(Request request, String partTarget, int status, ErrorCode code) {
        partRecorder.record(request, partTarget, status, code);
        nothingToRecord = true;
    }

    /** Reports that there is nothing to record: nothing was changed, or the change is recorded already. */
    public void setNothingToRecord() {
        nothingToRecord = true;
    }

    public boolean hasNothingToRecord() {
        return nothingToRecord;
    }

    /** The target, or null if the path names it. */
    public String target() {
        return target;
    }
}
