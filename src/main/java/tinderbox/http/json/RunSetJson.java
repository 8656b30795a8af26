package tinderbox.http.json;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tinderbox.job.JobState;
import tinderbox.job.RunSet;
import tinderbox.json.ExactNumbers;

/**
 * A run set as it goes over the wire.
 *
 * @param jobs how many jobs it was submitted with
 * @param counts how many of them there are in each state
 * @param gone how many of them were deleted
 */
@CompiledJson
public record RunSetJson(
        @JsonAttribute(name = "run_set_id") String id,
        String name,
        boolean named,
        String type,
        Map<String, Object> params,
        @JsonAttribute(name = "for_each") Map<String, Object> forEach,
        Map<String, String> labels,
        String note,
        @JsonAttribute(name = "submitted_by") String submittedBy,
        @JsonAttribute(name = "submitted_at") Instant submittedAt,
        @JsonAttribute(name = "edited_by") String editedBy,
        @JsonAttribute(name = "edited_at") Instant editedAt,
        @JsonAttribute(name = "rerun_of") String rerunOf,
        int jobs,
        Map<String, Long> counts,
        long gone) {
    /** The path of the run sets in the API. */
    public static final String PATH = "/api/v1/run-sets/";

    public static RunSetJson of(RunSet set, Map<JobState, Long> counts, long gone) {
        return new RunSetJson(
                set.id(),
                set.name(),
                set.isNamed(),
                set.type(),
                ExactNumbers.map(set.params()),
                ExactNumbers.map(new LinkedHashMap<>(set.forEach())),
                set.labels(),
                set.note(),
                set.submittedBy(),
                set.submittedAt(),
                set.editedBy(),
                set.editedAt(),
                set.rerunOf(),
                set.jobs().size(),
                JobJson.counts(counts),
                gone);
    }

    /**
     * One page of the list of run sets.
     *
     * @param next the URL of the next page, or null
     */
    @CompiledJson
    public record Page(
            @JsonAttribute(name = "run_sets") List<RunSetJson> runSets, long total, int limit, String next) {}
}
