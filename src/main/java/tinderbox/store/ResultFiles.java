package tinderbox.store;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tinderbox.job.Column;
import tinderbox.job.Job;
import tinderbox.job.JobResult;
import tinderbox.job.ResultWriter;
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

    /** Makes {@code folder} with all files of the result, taking the rows out of the attempt's folder. */
    static void write(Path folder, Path rows, Job job, JobResult result) throws IOException {
        Files.createDirectory(folder);
        byte[] schema = Json.write(new Schema(result.columns().stream()
                .map(column -> new SchemaColumn(column.name(), column.type().code()))
                .toList()));
        byte[] summary = Json.write(result.summary());
        Durable.sync(rows);
        Files.move(rows, folder.resolve(ResultWriter.FILE));
        Durable.write(folder.resolve(SCHEMA), schema);
        Durable.write(folder.resolve(SUMMARY), summary);
        Durable.write(
                folder.resolve(MANIFEST),
                Json.write(new Manifest(
                        job.id().toString(),
                        job.attempt(),
                        result.rows(),
                        List.of(
                                new Entry(ResultWriter.FILE, result.bytes(), result.sha256()),
                                entry(SCHEMA, schema),
                                entry(SUMMARY, summary)))));
    }

    private static Entry entry(String name, byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return new Entry(name, content.length, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static JobResult read(Path folder) throws IOException {
        try {
            Manifest manifest = Json.read(Manifest.class, Files.readAllBytes(folder.resolve(MANIFEST)));
            Schema schema = Json.read(Schema.class, Files.readAllBytes(folder.resolve(SCHEMA)));
            Map<String, Object> summary = Json.readObject(Files.readAllBytes(folder.resolve(SUMMARY)));
            Entry rows = manifest.files.get(0);
            List<Column> columns = schema.columns.stream()
                    .map(column -> new Column(column.name, Column.Type.valueOf(column.type.toUpperCase(Locale.ROOT))))
                    .toList();
            return new JobResult(columns, manifest.rows, rows.bytes, rows.sha256, summary);
        } catch (MalformedJsonException e) {
            throw new IOException("the result in " + folder + " is damaged: " + e.getMessage(), e);
        }
    }
}
