package tinderbox.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import tinderbox.preset.Presets;

/** Presets for tests that start the HTTP layer alone. */
public final class TestPresets {
    private TestPresets() {}

    /** Those in a folder of this folder. */
    public static Presets in(Path folder) throws IOException {
        return new Presets(
                Files.createDirectories(folder.resolve("presets")), folder.resolve("recovery"), Clock.systemUTC());
    }
}
