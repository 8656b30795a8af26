package tinderbox.store.files;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tinderbox.common.Sha256;
import tinderbox.job.ErrorCode;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.ResultWriter;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/**
 * The files of a result folder: the rows, and a manifest with their columns, their SHA-256 and the summary. The
 * manifest has its own checksum.
 */
public final class ResultFiles {
    private static final String MANIFEST = "manifest.json";

    private ResultFiles() {}

    @CompiledJson
    record Manifest(
            @JsonAttribute(name = "job_id", mandatory = true)
            String jobId,

            @JsonAttribute(mandatory = true) int attempt,
            @JsonAttribute(mandatory = true) long rows,
            @JsonAttribute(mandatory = true) List<ManifestColumn> columns,
            @JsonAttribute(mandatory = true) Map<String, Object> summary,
            @JsonAttribute(mandatory = true) List<Entry> files) {}

    @CompiledJson
    record ManifestColumn(
            @JsonAttribute(mandatory = true) String name,
            @JsonAttribute(mandatory = true) String type) {}

    @CompiledJson
    record Entry(
            @JsonAttribute(mandatory = true) String name,
            @JsonAttribute(mandatory = true) long bytes,
            @JsonAttribute(mandatory = true) String sha256) {}

    /**
     * Creates {@code folder} with all files of the result, and moves {@code rows} into it. Files and folder are durable
     * when this returns. Can be retried. Not atomic, so the caller moves the complete folder to its place.
     */
    public static void write(Path folder, Path rows, Job job, JobResult result) throws IOException {
        Files.createDirectories(folder);
        if (Files.exists(rows)) {
            flush(rows);
            Files.move(rows, folder.resolve(ResultWriter.FILE));
        }
        Manifest manifest = new Manifest(
                job.id().toString(),
                job.attempt(),
                result.rows(),
                result.columns().stream()
                        .map(column ->
                                new ManifestColumn(column.name(), column.type().code()))
                        .toList(),
                result.summary(),
                List.of(new Entry(ResultWriter.FILE, result.bytes(), result.sha256())));
        ChecksummedJson.write(folder.resolve(MANIFEST), Json.write(manifest));
    }

    /** Deletes the rows if the flush fails: a second flush would succeed even though they never reached the disk. */
    private static void flush(Path rows) throws IOException {
        try {
            AtomicFiles.sync(rows);
        } catch (IOException e) {
            Files.deleteIfExists(rows);
            throw new JobException(
                    ErrorCode.INTERNAL,
                    "The result could not be written to the disk",
                    "make room on the server's disk, or look at its health, and run the job again",
                    e);
        }
    }

    /**
     * Reads the manifest, and checks only the size of the rows.
     *
     * @throws IOException if the manifest is damaged or belongs to another job, or the rows have another size
     * @throws JobException {@link ErrorCode#RESULT_TOO_NEW} if a column has a type that this version does not know
     */
    public static JobResult read(Path folder, JobId id) throws IOException {
        try {
            Manifest manifest = manifest(folder, id);
            Entry rows = manifest.files.get(0);
            if (Files.size(folder.resolve(ResultWriter.FILE)) != rows.bytes) {
                throw new ChecksummedJson.DamagedException(
                        folder.resolve(ResultWriter.FILE), "its size does not match the manifest");
            }
            List<Column> columns = manifest.columns.stream()
                    .map(column -> new Column(column.name, type(column)))
                    .toList();
            return new JobResult(columns, manifest.rows, rows.bytes, rows.sha256, manifest.summary);
        } catch (MalformedJsonException e) {
            throw new IOException("the result in " + folder + " is damaged: " + e.getMessage(), e);
        }
    }

    private static Column.Type type(ManifestColumn column) {
        return Column.Type.ofCode(column.type)
                .orElseThrow(() -> new JobException(
                        ErrorCode.RESULT_TOO_NEW,
                        "The column " + column.name + " of this result has the type " + column.type
                                + ", which this version of Tinderbox does not know",
                        "a newer version wrote the result; have the server started with that version"));
    }

    private static Manifest manifest(Path folder, JobId id) throws IOException, MalformedJsonException {
        Manifest manifest = Json.read(Manifest.class, ChecksummedJson.read(folder.resolve(MANIFEST)));
        if (!manifest.jobId.equals(id.toString())) {
            throw new ChecksummedJson.DamagedException(folder.resolve(MANIFEST), "it is that of job " + manifest.jobId);
        }
        return manifest;
    }

    /**
     * Hashes all rows, and compares the hash with the manifest in the same folder.
     *
     * @param open the file {@code rows}
     * @throws IOException if the hashes differ
     */
    public static void verifyRows(Path rows, JobId id, SeekableByteChannel open) throws IOException {
        try {
            if (!Sha256.hex(open).equals(manifest(rows.getParent(), id).files.get(0).sha256)) {
                throw new ChecksummedJson.DamagedException(rows, "its hash does not match the manifest");
            }
        } catch (MalformedJsonException e) {
            throw new IOException("the manifest of " + rows + " is damaged: " + e.getMessage(), e);
        }
    }
}
