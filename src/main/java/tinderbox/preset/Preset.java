package tinderbox.preset;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The type and the parameters of a job under a name. It is also the shape of its file.
 *
 * @param id a UUID in its canonical form
 * @param name one line that its owner has chosen; others may have the same
 * @param type the job type's name; the type may be gone
 * @param params every parameter that has a value, with defaults, as they were checked when it was saved
 * @param shared whether everybody sees it, or only its owner and admins
 * @param owner who saved it
 * @param createdAt when that was
 * @param updatedAt when it was last changed
 * @param updatedBy who did that
 */
@CompiledJson
public record Preset(
        @JsonAttribute(name = "preset_id", mandatory = true) String id,
        @JsonAttribute(mandatory = true) String name,
        @JsonAttribute(mandatory = true) String type,
        @JsonAttribute(mandatory = true) Map<String, Object> params,
        @JsonAttribute(mandatory = true) boolean shared,
        @JsonAttribute(mandatory = true) String owner,

        @JsonAttribute(name = "created_at", mandatory = true)
        Instant createdAt,

        @JsonAttribute(name = "updated_at", mandatory = true)
        Instant updatedAt,

        @JsonAttribute(name = "updated_by", mandatory = true)
        String updatedBy) {
    public Preset {
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    }

    /** What somebody may choose. */
    public record Content(String name, String type, Map<String, Object> params, boolean shared) {}

    /** What its owner has chosen. */
    public Content content() {
        return new Content(name, type, params, shared);
    }

    /** The same preset with another content. */
    Preset with(Content content, String by, Instant at) {
        return new Preset(id, content.name, content.type, content.params, content.shared, owner, createdAt, at, by);
    }
}
