package tinderbox.job;

import java.util.Map;

/** Port: what can be run. The domain asks it before it accepts anything. */
public interface JobCatalog {
    /**
     * Checks parameters as they were sent.
     *
     * @return every parameter of the type, defaults filled in: String, Long or Boolean
     * @throws JobException {@link ErrorCode#INVALID_JOB} with every problem at once, an unknown type among them
     */
    Map<String, Object> check(String type, Map<String, Object> params);
}
