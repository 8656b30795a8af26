package tinderbox.http.api;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import io.undertow.util.Headers;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.Objects;
import tinderbox.common.LongRead;
import tinderbox.http.message.ETag;
import tinderbox.http.message.QueryParameters;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseBody;
import tinderbox.http.server.LongReads;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobId;
import tinderbox.job.Slots;
import tinderbox.job.dispatch.JobArtifacts;
import tinderbox.job.dispatch.JobService;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.read.LineFormat;
import tinderbox.job.result.read.ResultPage;
import tinderbox.job.result.read.ResultQuery;
import tinderbox.jobtype.JobTypes;
import tinderbox.jobtype.ResultDisplay;
import tinderbox.json.ExactNumbers;

/** The endpoint for the result of a job. */
final class ResultHandlers {
    private static final int MAX_PAGE = 10_000;
    private static final int MAX_WRITTEN_FILES = 8;
    private static final int MAX_WRITTEN_FILES_EACH = 2;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /** Pages up to this offset are read without a search slot. */
    private static final long MAX_CHEAP_OFFSET = 10_000;

    private final JobService jobs;
    private final LongReads longReads;
    private final JobTypes types;
    private final boolean hasSql;
    private final String version;
    private final Slots writtenFiles = Slots.each(
            ErrorCode.SERVER_BUSY,
            "downloads of selected rows, Parquet or parts at the same time",
            MAX_WRITTEN_FILES,
            MAX_WRITTEN_FILES_EACH);

    /** What a result can be downloaded as. */
    private enum Download {
        CSV(LineFormat.CSV, "text/csv; charset=utf-8; header=present", "", ".csv"),
        SAFE_CSV(LineFormat.SAFE_CSV, "text/csv; charset=utf-8; header=present", "-safe", "-safe.csv"),
        NDJSON(LineFormat.NDJSON, "application/x-ndjson", "-ndjson", ".ndjson"),
        PARQUET(null, "application/vnd.apache.parquet", "-parquet", ".parquet");

        /** Null if it has no lines. */
        private final LineFormat format;

        private final String contentType;
        private final String etagSuffix;
        private final String suffix;

        Download(LineFormat format, String contentType, String etagSuffix, String suffix) {
            this.format = format;
            this.contentType = contentType;
            this.etagSuffix = etagSuffix;
            this.suffix = suffix;
        }

        static Download of(MediaFormat mediaFormat, boolean safe) {
            return switch (mediaFormat) {
                case NDJSON -> NDJSON;
                case PARQUET -> PARQUET;
                default -> safe ? SAFE_CSV : CSV;
            };
        }
    }

    /**
     * Serves the results of these jobs.
     *
     * @param version of the server
     */
    ResultHandlers(JobService jobs, LongReads longReads, JobTypes types, String version) {
        this.jobs = jobs;
        this.longReads = longReads;
        this.types = types;
        this.hasSql = types.all().stream().anyMatch(type -> type.name().equals("sql"));
        this.version = version;
    }

    Response result(Request request) throws IOException {
        MediaFormat mediaFormat =
                MediaFormat.of(request, MediaFormat.JSON, MediaFormat.CSV, MediaFormat.NDJSON, MediaFormat.PARQUET);
        return mediaFormat == MediaFormat.JSON ? page(request) : download(request, mediaFormat);
    }

    private JobArtifacts artifacts(Request request) {
        return jobs.seenBy(request.visibility()).artifacts();
    }

    /** The columns that a search looks in as if they were one. */
    private List<String> searchedTogether(Request request, JobId id) {
        String name = jobs.seenBy(request.visibility()).find(id).job().request().type();
        return types.all().stream()
                .filter(type -> type.name().equals(name))
                .map(type -> type.resultDisplay().inContext())
                .filter(Objects::nonNull)
                .map(ResultDisplay.InContext::columns)
                .findFirst()
                .orElse(List.of());
    }

    private Response page(Request request) throws IOException {
        JobId id = request.jobId();
        QueryParameters query = request.query();
        long offset = query.number("offset", 0, 0, ExactNumbers.MAX_NUMBER);
        int limit = (int) query.number("limit", 100, 1, MAX_PAGE);
        RowSelection selection = RowSelection.of(query);
        query.check();
        JobArtifacts artifacts = artifacts(request);
        JobResult result = artifacts.result(id);
        ResultQuery selected = selection.bind(id, result, hasSql, searchedTogether(request, id));
        verify(request, id);
        LongRead.Work<ResultPage> read = () -> artifacts.resultPage(id, result, selected, offset, limit);
        if (selection.isPresent()) {
            LongReads.Kind kind = selection.sorts() ? LongReads.Kind.RESULT_SORT : LongReads.Kind.RESULT_FILTER;
            return Response.json(200, SearchPageJson.of(longReads.run(request, kind, read)));
        }
        ResultPage page =
                offset > MAX_CHEAP_OFFSET ? longReads.run(request, LongReads.Kind.DEEP_PAGE, read) : read.read();
        return Response.json(200, PageJson.of(page));
    }

    private Response download(Request request, MediaFormat mediaFormat) throws IOException {
        JobId id = request.jobId();
        QueryParameters query = request.query();
        boolean safe = mediaFormat == MediaFormat.CSV && query.flag("safe");
        boolean bom = mediaFormat == MediaFormat.CSV && query.flag("bom");
        RowSelection selection = RowSelection.of(query);
        query.check();
        JobArtifacts artifacts = artifacts(request);
        JobResult result = artifacts.result(id);
        ResultQuery selected = selection.bind(id, result, hasSql, searchedTogether(request, id));
        if (mediaFormat == MediaFormat.PARQUET && result.columns().isEmpty()) {
            query.reject("format", "cannot be parquet, because the result has no columns");
            query.check();
        }
        verify(request, id);
        Download download = Download.of(mediaFormat, safe);
        boolean isPublished = download == Download.CSV && !selection.isPresent();
        // Only a file has ranges.
        boolean isWritten = selection.isPresent()
                || download == Download.PARQUET
                || (request.range() != null && download != Download.CSV);
        ResponseBody body;
        if (isWritten) {
            body = written(request, id, result, selected, download);
        } else if (isPublished) {
            body = new ResponseBody.FilePart(artifacts.openRows(id));
        } else {
            body = new ResponseBody.ResultRows(artifacts.resultReader(id, result, download.format));
        }
        String name = jobs.seenBy(request.visibility()).find(id).job().request().type() + "-" + id.shortForm();
        String tag = result.sha256()
                + download.etagSuffix
                + (bom ? "-bom" : "")
                + (selection.isPresent() ? "-" + selection.fingerprint() : "")
                // Another version may write other bytes.
                + (isPublished ? "" : "-" + version);
        return Response.download(
                        bom ? withByteOrderMark(body) : body,
                        download.contentType,
                        name + (selection.isPresent() ? "-selected" : "") + download.suffix)
                .with(Headers.ETAG, ETag.quoted(tag))
                .with(Headers.ACCEPT_RANGES, "bytes")
                .with(Headers.CACHE_CONTROL, "private, no-cache");
    }

    /** Spreadsheets know by it that the text is UTF-8. */
    static ResponseBody withByteOrderMark(ResponseBody csv) {
        return new ResponseBody.Joined(List.of(ResponseBody.of(BYTE_ORDER_MARK), csv));
    }

    /** The rows in a temporary file, so that a slow client holds neither memory nor a slot for passes. */
    private ResponseBody written(Request request, JobId id, JobResult result, ResultQuery selected, Download download)
            throws IOException {
        Slots.Slot file = writtenFiles.take(request.requestOrigin().holder());
        try {
            SeekableByteChannel content = longReads.run(
                    request,
                    LongReads.Kind.RESULT_DOWNLOAD,
                    () -> download == Download.PARQUET
                            ? artifacts(request).parquet(id, result, selected)
                            : artifacts(request).download(id, result, selected, download.format));
            return new ResponseBody.Releasing(new ResponseBody.FilePart(content), file::close);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** Compares the rows with their SHA-256 unless that was done before; takes time in proportion to the result. */
    private void verify(Request request, JobId id) throws IOException {
        if (!artifacts(request).areRowsVerified(id)) {
            longReads.run(request, LongReads.Kind.RESULT_CHECK, () -> {
                artifacts(request).openRows(id).close();
                return null;
            });
        }
    }

    /** A page of a result. */
    @CompiledJson
    record PageJson(List<ColumnJson> columns, List<List<Object>> rows, long offset, int limit, long total) {
        static PageJson of(ResultPage page) {
            return new PageJson(ColumnJson.of(page), page.rows(), page.offset(), page.limit(), page.total());
        }
    }

    /** A page of a selection: the number of a row in the result does not follow from its place in the page. */
    @CompiledJson
    record SearchPageJson(
            List<ColumnJson> columns,
            List<List<Object>> rows,
            @JsonAttribute(name = "row_numbers") List<Long> rowNumbers,
            long offset,
            int limit,
            long total) {
        static SearchPageJson of(ResultPage page) {
            return new SearchPageJson(
                    ColumnJson.of(page), page.rows(), page.numbers(), page.offset(), page.limit(), page.total());
        }
    }

    /** One column. */
    @CompiledJson
    record ColumnJson(String name, String type) {
        static List<ColumnJson> of(ResultPage page) {
            return page.columns().stream()
                    .map(column -> new ColumnJson(column.name(), column.type().code()))
                    .toList();
        }
    }
}
