package tinderbox.jobtype.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The lists of queries in the resources of the tests, one in each line, and the tables that they read. */
final class QueryLists {
    private static final List<String> DATA = List.of("people.csv", "people2.csv.gz", "orders.tsv", "events.ndjson");

    private QueryLists() {}

    /** A list, with its tables in the root {@code test}. */
    static List<String> of(String name) {
        return read(name)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("# "))
                .map(line -> line.replaceAll("samples([/.])(?!moby)", "test$1"))
                .toList();
    }

    private static String read(String name) {
        try (InputStream in = QueryLists.class.getResourceAsStream("/sql/" + name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts the tables into a folder. */
    static void copyTables(Path folder) {
        for (String name : DATA) {
            try (InputStream in = QueryLists.class.getResourceAsStream("/sql/data/" + name)) {
                Files.copy(in, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
