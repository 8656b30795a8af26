package tinderbox.support;

import java.util.List;
import java.util.Map;
import tinderbox.job.CheckedSubmission;
import tinderbox.job.JobCatalog;
import tinderbox.job.Visibility;

/**
 * Accepts every submission as it is. A job without a name is named after its type; it reads the dataset that its parameter
 * {@code reads} names.
 */
public final class FakeCatalog implements JobCatalog {
    @Override
    public CheckedSubmission check(String type, Map<String, Object> params, Visibility visibility) {
        List<String> inputs = params.get("reads") instanceof String path ? List.of(path) : List.of();
        return new CheckedSubmission(params, inputs, type, "");
    }
}
