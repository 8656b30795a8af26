package tinderbox.http.json;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tinderbox.json.ExactNumbers;
import tinderbox.preset.Preset;

/** A preset as it goes over the wire. */
@CompiledJson
public record PresetJson(
        @JsonAttribute(name = "preset_id") String id,
        String name,
        String type,
        Map<String, Object> params,
        boolean shortened,
        boolean shared,
        String owner,
        @JsonAttribute(name = "created_at") Instant createdAt,
        @JsonAttribute(name = "updated_at") Instant updatedAt,
        @JsonAttribute(name = "updated_by") String updatedBy) {
    /** The path of the presets in the API. */
    public static final String PATH = "/api/v1/presets/";

    /** A preset in a response about it alone. */
    public static PresetJson of(Preset preset) {
        return of(preset, preset.params());
    }

    private static PresetJson of(Preset preset, Map<String, Object> params) {
        return new PresetJson(
                preset.id(),
                preset.name(),
                preset.type(),
                ExactNumbers.map(params),
                !params.equals(preset.params()),
                preset.shared(),
                preset.owner(),
                preset.createdAt(),
                preset.updatedAt(),
                preset.updatedBy());
    }

    /** All presets that somebody sees, with the beginning of long parameters. */
    @CompiledJson
    public record ListJson(List<PresetJson> presets) {
        /** In this order. */
        public static ListJson of(List<Preset> presets) {
            return new ListJson(presets.stream()
                    .map(preset -> PresetJson.of(preset, ShortTexts.ofParams(preset.params())))
                    .toList());
        }
    }
}
