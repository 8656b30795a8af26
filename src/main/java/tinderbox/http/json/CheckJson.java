package tinderbox.http.json;

import com.dslplatform.json.CompiledJson;

/** One check of {@code GET /readyz?verbose}: whether it passes, what it found, and what to do if it fails. */
@CompiledJson
public record CheckJson(String name, boolean ok, String detail, String hint) {}
