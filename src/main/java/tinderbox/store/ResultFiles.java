package tinderbox.store;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tinderbox.job.Column;
import tinderbox.job.ErrorCode;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobResult;
import tinderbox.job.ResultWriter;
import tinderbox.job.Sha256;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/** The files of a result folder: the rows, what they mean, and a manifest with the SHA-256 of each. */
final class ResultFiles {
    private static final String SCHEMA = "schema.json";
    private static final String SUMMARY = "summary.json";
    private static final String MANIFEST = "manifest.json";

    private ResultFiles() {}

    @CompiledJson
    record Schema(@JsonAttribute(mandatory = true) List<SchemaColumn> columns) {}

    @CompiledJson
    record SchemaColumn(
            @JsonAttribute(mandatory = true) String name,
            @JsonAttribute(mandatory = true) String type) {}

    @CompiledJson
    record Manifest(
            @JsonAttribute(name = "job_id", mandatory = true)
            String jobId,

            @JsonAttribute(mandatory = true) int attempt,
            @JsonAttribute(mandatory = true) long rows,
            @JsonAttribute(mandatory = true) List<Entry> files) {}

    @CompiledJson
    record Entry(
            @JsonAttribute(mandatory = true) String name,
            @JsonAttribute(mandatory = true) long bytes,
            @JsonAttribute(mandatory = true) String sha256) {}

    /**
     * Makes {@code folder}, which nobody looks at before it is moved to its place, with all files of the result, taking
     * the rows from where they are. The files are flushed when this returns, their folder is not. Can be tried again.
     */
    static void write(Path folder, Path rows, Job job, JobResult result) throws IOException {
        Files.createDirectories(folder);
        byte[] schema = Json.write(new Schema(result.columns().stream()
                .map(column -> new SchemaColumn(column.name(), column.type().code()))
                .toList()));
        byte[] summary = Json.write(result.summary());
        if (Files.exists(rows)) {
            flush(rows);
            Files.move(rows, folder.resolve(ResultWriter.FILE));
        }
        Files.write(folder.resolve(SCHEMA), schema);
        Files.write(folder.resolve(SUMMARY), summary);
        Files.write(
                folder.resolve(MANIFEST),
                Sealed.seal(Json.write(new Manifest(
                        job.id().toString(),
                        job.attempt(),
                        result.rows(),
                        List.of(
                                new Entry(ResultWriter.FILE, result.bytes(), result.sha256()),
                                entry(SCHEMA, schema),
                                entry(SUMMARY, summary))))));
        // After the last one is written: the first flush takes with it most of what the others would wait for.
        for (String file : List.of(SCHEMA, SUMMARY, MANIFEST)) {
            Durable.sync(folder.resolve(file));
        }
    }

    /** A failed flush is told once only: trying again would publish what never reached the disk. */
    private static void flush(Path rows) throws IOException {
        try {
            Durable.sync(rows);
        } catch (IOException e) {
            Files.deleteIfExists(rows);
            throw new JobException(
                    ErrorCode.INTERNAL,
                    "The result could not be written to the disk",
                    "make room on the server's disk, or look at its health, and run the job again",
                    e);
        }
    }

    private static Entry entry(String name, byte[] content) {
        return new Entry(name, content.length, Sha256.hex(content));
    }

    /**
     * Reads what the manifest vouches for; of the rows, only that there are as many bytes as it says.
     *
     * @throws IOException where a file is not as the manifest says
     */
    static JobResult read(Path folder) throws IOException {
        try {
            Manifest manifest = manifest(folder);
            Entry rows = manifest.files.get(0);
            if (Files.size(folder.resolve(ResultWriter.FILE)) != rows.bytes) {
                throw new Sealed.DamagedException(folder.resolve(ResultWriter.FILE), "its size does not fit");
            }
            Schema schema = Json.read(Schema.class, verified(folder, manifest.files.get(1)));
            Map<String, Object> summary = Json.readObject(verified(folder, manifest.files.get(2)));
            List<Column> columns = schema.columns.stream()
                    .map(column -> new Column(column.name, Column.Type.valueOf(column.type.toUpperCase(Locale.ROOT))))
                    .toList();
            return new JobResult(columns, manifest.rows, rows.bytes, rows.sha256, summary);
        } catch (MalformedJsonException e) {
            throw new IOException("the result in " + folder + " is damaged: " + e.getMessage(), e);
        }
    }

    private static Manifest manifest(Path folder) throws IOException, MalformedJsonException {
        return Json.read(Manifest.class, Sealed.read(folder.resolve(MANIFEST)));
    }

    /**
     * Reads all rows to see whether they are those of the manifest beside them.
     *
     * @param open the file {@code rows}
     * @throws IOException where they are not
     */
    static void checkRows(Path rows, SeekableByteChannel open) throws IOException {
        try {
            if (!Sha256.hex(open).equals(manifest(rows.getParent()).files.get(0).sha256)) {
                throw new Sealed.DamagedException(rows, "its hash does not fit the manifest");
            }
        } catch (MalformedJsonException e) {
            throw new IOException("the manifest beside " + rows + " is damaged: " + e.getMessage(), e);
        }
    }

    private static byte[] verified(Path folder, Entry entry) throws IOException {
        byte[] content = Files.readAllBytes(folder.resolve(entry.name));
        if (!entry(entry.name, content).equals(entry)) {
            throw new Sealed.DamagedException(folder.resolve(entry.name), "its hash does not fit the manifest");
        }
        return content;
    }
}
