package tinderbox.jobtype;

import java.util.Map;

/** The checked parameters of one job. */
public final class Params {
    private final Map<String, Object> values;

    Params(Map<String, Object> values) {
        this.values = values;
    }

    /** The submitted value, or the default; null if there is neither, which only an optional parameter allows. */
    public <T> T get(ParamSpec<T> spec) {
        T value = spec.cast(values.get(spec.name()));
        return value == null ? spec.defaultValue() : value;
    }
}
