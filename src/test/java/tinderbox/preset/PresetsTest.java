package tinderbox.preset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

class PresetsTest {
    @TempDir
    Path dir;

    private Path folder;
    private Presets presets;

    @BeforeEach
    void open() throws IOException {
        folder = Files.createDirectories(dir.resolve("presets"));
        presets = read();
    }

    private Presets read() throws IOException {
        return new Presets(folder, dir.resolve("recovery/now"), Clock.systemUTC());
    }

    private static Preset.Content named(String name) {
        return new Preset.Content(name, "word-count", Map.of("input", "samples", "top", 5L), false);
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theyAreThereAfterARestartInTheOrderOfTheirNames() throws IOException {
        Preset second = presets.create(named("zebra"), "ann");
        Preset first = presets.create(named("Apple"), "bob");
        Preset gone = presets.create(named("gone"), "bob");
        Preset changed = presets.change(second, named("yak"), "ada").orElseThrow();
        assertTrue(presets.delete(gone));

        assertEquals(List.of(first, changed), presets.all());
        assertEquals(List.of(first, changed), read().all());
        assertEquals(List.of("ann", "ada"), List.of(changed.owner(), changed.updatedBy()));
        assertEquals(2, files(folder).size(), "a file for each");
    }

    @Test
    void aChangeOfAnOldVersionIsRefused() throws IOException {
        Preset old = presets.create(named("old"), "ann");
        Preset changed = presets.change(old, named("new"), "ann").orElseThrow();

        assertEquals(Optional.empty(), presets.change(old, named("other"), "ann"));
        assertFalse(presets.delete(old));
        assertEquals(Optional.of(changed), presets.find(old.id()));
    }

    @Test
    void damagedFilesAreMovedAndOthersLeftAlone() throws IOException {
        Preset good = presets.create(named("good"), "ann");
        Preset damaged = presets.create(named("damaged"), "ann");
        Path file = folder.resolve(damaged.id() + ".json");
        Files.writeString(file, Files.readString(file).replace("\"damaged\"", "\"changed\""));
        String copy = UUID.randomUUID() + ".json";
        Files.copy(folder.resolve(good.id() + ".json"), folder.resolve(copy));
        Files.writeString(folder.resolve("notes.txt"), "mine");
        Files.writeString(folder.resolve(UUID.randomUUID() + ".json.tmp"), "half a pre");

        assertEquals(List.of(good), read().all());
        assertEquals(Stream.of(good.id() + ".json", copy, "notes.txt").sorted().toList(), files(folder));
        assertEquals(List.of("preset-" + damaged.id() + ".json"), files(dir.resolve("recovery/now")));
    }

    @Test
    void theirNumberAndTheirSizeAreBounded() throws IOException {
        for (int i = 0; i < Presets.MAX_OF_OWNER; i++) {
            presets.create(named("preset " + i), "ann");
        }
        JobException refused = assertThrows(JobException.class, () -> presets.create(named("more"), "ann"));
        assertEquals(ErrorCode.LIMIT_EXCEEDED, refused.code());

        Preset own = presets.create(named("of another"), "bob");
        Preset.Content large =
                new Preset.Content("large", "sql", Map.of("query", "x".repeat((int) Presets.MAX_CHARS)), false);
        assertEquals(
                ErrorCode.LIMIT_EXCEEDED,
                assertThrows(JobException.class, () -> presets.change(own, large, "bob"))
                        .code());
        assertEquals(Presets.MAX_OF_OWNER + 1, presets.all().size());
    }
}
