package tinderbox.http.json;

import com.dslplatform.json.CompiledJson;
import tinderbox.job.TextPosition;

/** Where in a text something is wrong; see {@link TextPosition}. */
@CompiledJson
public record PositionJson(int line, int column, int length) {
    /** The position, which may be null. */
    public static PositionJson of(TextPosition position) {
        return position == null ? null : new PositionJson(position.line(), position.column(), position.length());
    }
}
