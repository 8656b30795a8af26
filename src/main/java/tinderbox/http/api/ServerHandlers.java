package tinderbox.http.api;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tinderbox.http.events.EventHub;
import tinderbox.http.json.CheckJson;
import tinderbox.http.json.JobJson;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.http.server.ErrorMapper;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.JobQuery;
import tinderbox.job.JobView;
import tinderbox.job.dispatch.JobService;
import tinderbox.json.ExactNumbers;
import tinderbox.security.auth.Authenticator;

/** The endpoints for the state of this server. */
final class ServerHandlers {
    /** The only check while the server starts. */
    private static final ServerInfo.Check STARTING = new ServerInfo.Check(
            "accepting", () -> ServerInfo.Finding.bad("the server is starting", "send jobs again in a moment"));

    private final ServerInfo info;
    private final JobService jobs;
    private final EventHub events;
    private final Authenticator authenticator;

    ServerHandlers(ServerInfo info, JobService jobs, EventHub events, Authenticator authenticator) {
        this.authenticator = authenticator;
        this.info = info;
        this.jobs = jobs;
        this.events = events;
    }

    Response server(Request request) {
        Runtime jvm = Runtime.getRuntime();
        return Response.json(
                200,
                new ServerJson(
                        info.version(),
                        info.sparkVersion(),
                        Runtime.version().toString(),
                        info.master(),
                        info.cores().get(),
                        info.executors().get(),
                        info.session().get(),
                        new HeapJson(jvm.totalMemory() - jvm.freeMemory(), jvm.maxMemory()),
                        ExactNumbers.map(info.limits().get()),
                        JobJson.counts(jobs.seenBy(request.visibility())
                                .list(JobQuery.newest(1))
                                .counts()),
                        new StreamsJson(events.streams(), events.cutOff()),
                        info.startedAt(),
                        info.uptime().get().toMillis(),
                        info.checks().stream()
                                .allMatch(check -> check.look().get().ok()),
                        authenticator.isClosed(),
                        authenticator.isPrivate(),
                        request.submitter(),
                        request.principal().role().code()));
    }

    Response history(Request request) {
        List<RunningJson> running = jobs.seenBy(request.visibility()).running().stream()
                .sorted(Comparator.comparing(view -> view.job().startedAt()))
                .map(RunningJson::of)
                .toList();
        return Response.json(200, new HistoryJson(info.history().get(), running));
    }

    static Response live(Request request) {
        return Response.json(200, new StatusJson("live"));
    }

    static Response starting(Request request) {
        return ready(request, List.of(STARTING));
    }

    Response ready(Request request) {
        return ready(request, info.checks());
    }

    private static Response ready(Request request, List<ServerInfo.Check> looks) {
        boolean verbose = request.query().flag("verbose");
        request.query().check();
        if (verbose && request.principal() == null) {
            throw new JobException(
                    ErrorCode.UNAUTHENTICATED, "The checks are shown only after authentication", "leave verbose out");
        }
        List<CheckJson> checks = looks.stream().map(ServerHandlers::checkJson).toList();
        List<FieldProblem> failing = checks.stream()
                .filter(check -> !check.ok())
                .map(check -> new FieldProblem(check.name(), check.detail() + "; " + check.hint()))
                .toList();
        if (!failing.isEmpty()) {
            return ErrorMapper.notReady(failing, verbose ? checks : null, request.id());
        }
        return Response.json(200, verbose ? new ChecksJson("ready", checks) : new StatusJson("ready"));
    }

    private static CheckJson checkJson(ServerInfo.Check check) {
        ServerInfo.Finding finding = check.look().get();
        return new CheckJson(check.name(), finding.ok(), finding.detail(), finding.hint());
    }

    /** Facts about this server. */
    @CompiledJson
    record ServerJson(
            String version,
            @JsonAttribute(name = "spark_version") String sparkVersion,
            @JsonAttribute(name = "java_version") String javaVersion,
            String master,
            Integer cores,
            List<ServerInfo.Executor> executors,
            ServerInfo.Session session,
            HeapJson heap,
            Map<String, Object> limits,
            Map<String, Long> counts,
            @JsonAttribute(name = "event_streams") StreamsJson eventStreams,
            @JsonAttribute(name = "started_at") Instant startedAt,
            @JsonAttribute(name = "uptime_ms") long uptimeMs,
            boolean ready,
            boolean auth,
            @JsonAttribute(name = "private") boolean isPrivate,
            String user,
            String role) {}

    /** How busy the server was, and which jobs that the caller sees run now. */
    @CompiledJson
    record HistoryJson(List<ServerInfo.Sample> samples, List<RunningJson> jobs) {}

    /** A running job. */
    @CompiledJson
    record RunningJson(
            @JsonAttribute(name = "job_id") String jobId,
            String name,
            @JsonAttribute(name = "tasks_running") int tasksRunning) {
        static RunningJson of(JobView view) {
            return new RunningJson(view.job().id().toString(), view.job().name(), view.tasksRunning());
        }
    }

    /** The heap of this process. */
    @CompiledJson
    record HeapJson(
            @JsonAttribute(name = "used_bytes") long usedBytes,
            @JsonAttribute(name = "max_bytes") long maxBytes) {}

    /** The event streams: how many are open, and how many were cut off because their clients did not read. */
    @CompiledJson
    record StreamsJson(
            int open, @JsonAttribute(name = "cut_off") long cutOff) {}

    /** The state of the server. */
    @CompiledJson
    record StatusJson(String status) {}

    /** The state of the server and its checks. */
    @CompiledJson
    record ChecksJson(String status, List<CheckJson> checks) {}
}
