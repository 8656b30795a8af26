package tinderbox.http.api;

import io.undertow.util.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tinderbox.common.LongRead;
import tinderbox.http.json.LogPageJson;
import tinderbox.http.message.ETag;
import tinderbox.http.message.QueryParameters;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseBody;
import tinderbox.http.server.LongReads;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.dispatch.JobArtifacts;
import tinderbox.job.dispatch.JobService;
import tinderbox.job.dispatch.VisibleJobs;
import tinderbox.job.log.LogLine;
import tinderbox.job.log.LogPage;
import tinderbox.job.log.OpenLog;
import tinderbox.json.ExactNumbers;

/** The endpoint for the log of a job. */
final class LogHandlers {
    private static final int MAX_PAGE = 10_000;

    private final JobService jobs;
    private final LongReads longReads;

    LogHandlers(JobService jobs, LongReads longReads) {
        this.jobs = jobs;
        this.longReads = longReads;
    }

    Response log(Request request) throws IOException {
        return MediaFormat.of(request, MediaFormat.JSON, MediaFormat.TEXT) == MediaFormat.TEXT
                ? download(request)
                : page(request);
    }

    private Response page(Request request) throws IOException {
        JobId id = request.jobId();
        QueryParameters query = request.query();
        long from = query.number("from", 0, -ExactNumbers.MAX_NUMBER, ExactNumbers.MAX_NUMBER);
        int limit = (int) query.number("limit", 1_000, 1, MAX_PAGE);
        LogLine.Level least = query.choice("level", LogLine.Level.class, LogLine.Level.DEBUG);
        String text = query.text("q");
        query.check();
        JobArtifacts artifacts = jobs.seenBy(request.visibility()).artifacts();
        LongRead.Work<LogPage> read = () -> artifacts.log(id, from, limit, least, text);
        boolean isSearch = least != LogLine.Level.DEBUG || text != null;
        LogPage page = isSearch ? longReads.run(request, LongReads.Kind.LOG_SEARCH, read) : read.read();
        return Response.json(200, LogPageJson.of(id, page));
    }

    private Response download(Request request) throws IOException {
        JobId id = request.jobId();
        request.query().check();
        VisibleJobs seen = jobs.seenBy(request.visibility());
        Job job = seen.find(id).job();
        String name = job.request().type() + "-" + id.shortForm() + "-log.txt";
        OpenLog log = seen.artifacts().openLog(id);
        List<ResponseBody> parts = new ArrayList<>();
        if (log.truncatedBefore() > 0) {
            String gone = "The first " + log.truncatedBefore() + " lines are gone: the log grew beyond its limit\n";
            parts.add(ResponseBody.of(gone.getBytes(StandardCharsets.UTF_8)));
        }
        for (OpenLog.Part part : log.parts()) {
            parts.add(new ResponseBody.FilePart(part.text(), part.bytes()));
        }
        ResponseBody body = new ResponseBody.Joined(parts);
        // Within an attempt, lines are only added at the end and deleted at the beginning.
        String tag = id + "-" + job.attempt() + "-" + log.truncatedBefore() + "-" + body.size();
        return Response.download(body, "text/plain; charset=utf-8", name)
                .with(Headers.ETAG, ETag.quoted(tag))
                .with(Headers.ACCEPT_RANGES, "bytes");
    }
}
