package tinderbox.http.api;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import io.undertow.util.Headers;
import java.io.IOException;
import java.util.List;
import tinderbox.common.LongRead;
import tinderbox.http.message.ETag;
import tinderbox.http.message.QueryParameters;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseBody;
import tinderbox.http.server.LongReads;
import tinderbox.job.JobId;
import tinderbox.job.dispatch.JobService;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.read.ResultPage;
import tinderbox.job.result.read.ResultQuery;
import tinderbox.json.ExactNumbers;

/** The endpoint for the result of a job. */
final class ResultHandlers {
    private static final int MAX_PAGE = 10_000;
    private static final String CSV_TYPE = "text/csv; charset=utf-8; header=present";

    private static final String NDJSON_TYPE = "application/x-ndjson";

    /** Pages up to this offset are read without a search slot. */
    private static final long MAX_CHEAP_OFFSET = 10_000;

    private final JobService jobs;
    private final LongReads longReads;
    private final boolean hasSql;

    /**
     * Serves the results of these jobs.
     *
     * @param hasSql whether a job can run SQL over results
     */
    ResultHandlers(JobService jobs, LongReads longReads, boolean hasSql) {
        this.jobs = jobs;
        this.longReads = longReads;
        this.hasSql = hasSql;
    }

    Response result(Request request) throws IOException {
        MediaFormat mediaFormat = MediaFormat.of(request, MediaFormat.JSON, MediaFormat.CSV, MediaFormat.NDJSON);
        return mediaFormat == MediaFormat.JSON ? page(request) : download(request, mediaFormat);
    }

    private Response page(Request request) throws IOException {
        JobId id = request.jobId();
        QueryParameters query = request.query();
        long offset = query.number("offset", 0, 0, ExactNumbers.MAX_NUMBER);
        int limit = (int) query.number("limit", 100, 1, MAX_PAGE);
        RowSelection selection = RowSelection.of(query);
        query.check();
        JobResult result = jobs.artifacts().result(id);
        ResultQuery selected = selection.bind(id, result, hasSql);
        verify(request, id);
        LongRead.Work<ResultPage> read = () -> jobs.artifacts().resultPage(id, result, selected, offset, limit);
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
        boolean safe = request.query().flag("safe");
        request.query().check();
        JobResult result = jobs.artifacts().result(id);
        verify(request, id);
        String name = jobs.find(id).job().request().type() + "-" + id.shortForm();
        Response.Complete response;
        if (mediaFormat == MediaFormat.NDJSON) {
            response = jsonLines(id, result, name);
        } else {
            response = safe ? safeCsv(id, result, name) : csv(id, result, name);
        }
        return response.with(Headers.CACHE_CONTROL, "private, no-cache");
    }

    /** Compares the rows with their SHA-256 unless that was done before; takes time in proportion to the result. */
    private void verify(Request request, JobId id) throws IOException {
        if (!jobs.artifacts().areRowsVerified(id)) {
            longReads.run(request, LongReads.Kind.RESULT_CHECK, () -> {
                jobs.artifacts().openRows(id).close();
                return null;
            });
        }
    }

    private Response.Complete csv(JobId id, JobResult result, String name) throws IOException {
        return Response.download(new ResponseBody.FilePart(jobs.artifacts().openRows(id)), CSV_TYPE, name + ".csv")
                .with(Headers.ETAG, ETag.quoted(result.sha256()))
                .with(Headers.ACCEPT_RANGES, "bytes");
    }

    private Response.Complete safeCsv(JobId id, JobResult result, String name) {
        return Response.download(
                        new ResponseBody.DefusedRows(jobs.artifacts().resultReader(id, result)),
                        CSV_TYPE,
                        name + "-safe.csv")
                .with(Headers.ETAG, ETag.quoted(result.sha256() + "-safe"));
    }

    private Response.Complete jsonLines(JobId id, JobResult result, String name) {
        List<String> columns = result.columns().stream().map(Column::name).toList();
        return Response.download(
                        new ResponseBody.JsonLines(columns, jobs.artifacts().resultReader(id, result)),
                        NDJSON_TYPE,
                        name + ".ndjson")
                .with(Headers.ETAG, ETag.quoted(result.sha256() + "-ndjson"));
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
