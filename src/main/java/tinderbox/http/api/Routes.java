package tinderbox.http.api;

import static tinderbox.http.server.Route.delete;
import static tinderbox.http.server.Route.events;
import static tinderbox.http.server.Route.get;
import static tinderbox.http.server.Route.patch;
import static tinderbox.http.server.Route.post;
import static tinderbox.http.server.Route.upload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tinderbox.http.events.EventHub;
import tinderbox.http.message.Handler;
import tinderbox.http.server.LongPolls;
import tinderbox.http.server.LongReads;
import tinderbox.http.server.Route;
import tinderbox.job.Slots;
import tinderbox.metrics.Metrics;
import tinderbox.security.audit.AuditAction;
import tinderbox.security.audit.AuditLog;
import tinderbox.security.auth.Authenticator;
import tinderbox.security.auth.Role;

/** The route table. */
public final class Routes {
    /** Shorter than the patience of most clients. */
    private static final Duration BULK_TIME = Duration.ofSeconds(20);

    private Routes() {}

    /** Every endpoint with the query parameters that it takes. */
    public static List<Route> of(
            Services services,
            Authenticator authenticator,
            AuditLog log,
            Metrics metrics,
            LongPolls longPolls,
            LongReads longReads,
            EventHub hub,
            Slots streams,
            String cookie) {
        PresetAccess presetAccess = new PresetAccess(services.presets());
        ListDownloads listDownloads = new ListDownloads();
        JobHandlers jobs = new JobHandlers(
                services.jobs(),
                new TypeAccess(services.types()),
                presetAccess,
                longPolls,
                authenticator,
                listDownloads);
        BulkHandlers bulk = new BulkHandlers(services.jobs(), BULK_TIME);
        RunSetHandlers runSets = new RunSetHandlers(
                services.jobs(), new TypeAccess(services.types()), authenticator, longReads, listDownloads);
        LogHandlers logs = new LogHandlers(services.jobs(), longReads);
        EventHandlers events = new EventHandlers(services.jobs(), hub, authenticator, streams);
        ResultHandlers results = new ResultHandlers(
                services.jobs(), longReads, services.types(), services.info().version());
        CatalogHandlers catalog = new CatalogHandlers(
                new TypeAccess(services.types()),
                services.datasets()::seenBy,
                services.columns(),
                longReads,
                listDownloads);
        UploadHandlers uploads = new UploadHandlers(services.uploads(), authenticator);
        PresetHandlers presets = new PresetHandlers(presetAccess, new TypeAccess(services.types()));
        ServerHandlers server = new ServerHandlers(services.info(), services.jobs(), hub, authenticator);
        AuditHandlers audit = new AuditHandlers(log, longReads, listDownloads);
        TokenHandlers tokens = new TokenHandlers(authenticator);
        List<Route> routes = new ArrayList<>(always(authenticator, metrics, cookie));
        routes.addAll(List.of(
                post("/api/v1/jobs", jobs::submit).as(AuditAction.SUBMIT),
                get(
                        "/api/v1/jobs",
                        jobs::list,
                        "status",
                        "type",
                        "q",
                        "submitted_by",
                        "since",
                        "until",
                        "rerun_of",
                        "run_set",
                        "preset",
                        "label",
                        "sort",
                        "limit",
                        "offset",
                        "before",
                        "after",
                        "format",
                        "safe",
                        "bom"),
                get("/api/v1/job-filters", jobs::filters),
                get("/api/v1/jobs/{id}", jobs::show, "wait"),
                patch("/api/v1/jobs/{id}", jobs::edit).as(AuditAction.EDIT),
                delete("/api/v1/jobs/{id}", jobs::delete).as(AuditAction.DELETE),
                post("/api/v1/jobs/{id}/cancel", jobs::cancel).as(AuditAction.CANCEL),
                post("/api/v1/jobs/{id}/rerun", jobs::rerun).as(AuditAction.RERUN),
                post("/api/v1/bulk/cancel", bulk::cancel).as(AuditAction.CANCEL),
                post("/api/v1/bulk/delete", bulk::delete).as(AuditAction.DELETE),
                post("/api/v1/run-sets", runSets::submit).as(AuditAction.RUN_SET_SUBMIT),
                get("/api/v1/run-sets", runSets::list, "q", "submitted_by", "limit", "before", "format", "safe", "bom"),
                get("/api/v1/run-sets/{id}", runSets::show),
                patch("/api/v1/run-sets/{id}", runSets::edit).as(AuditAction.RUN_SET_EDIT),
                delete("/api/v1/run-sets/{id}", runSets::delete).as(AuditAction.RUN_SET_DELETE),
                post("/api/v1/run-sets/{id}/cancel", runSets::cancel).as(AuditAction.RUN_SET_CANCEL),
                post("/api/v1/run-sets/{id}/rerun", runSets::rerun).as(AuditAction.RUN_SET_RERUN),
                get("/api/v1/run-sets/{id}/jobs", runSets::overview, "q", "status", "sort", "format", "safe", "bom"),
                get("/api/v1/run-sets/{id}/result", runSets::result, "format", "safe", "bom"),
                get("/api/v1/jobs/{id}/stages", jobs::stages, "format", "safe", "bom"),
                get("/api/v1/jobs/{id}/plan", jobs::plan),
                get("/api/v1/jobs/{id}/log", logs::log, "from", "limit", "level", "q", "format"),
                get(
                        "/api/v1/jobs/{id}/result",
                        results::result,
                        "offset",
                        "limit",
                        "q",
                        "sort",
                        "filter",
                        "fold",
                        "format",
                        "safe",
                        "bom"),
                events("/api/v1/jobs/{id}/events", events::ofJob, "until"),
                events("/api/v1/events", events::ofAll),
                get("/api/v1/job-types", catalog::jobTypes),
                get(
                        "/api/v1/datasets",
                        catalog::datasets,
                        "path",
                        "q",
                        "sort",
                        "limit",
                        "offset",
                        "format",
                        "safe",
                        "bom"),
                get("/api/v1/datasets/preview", catalog::preview, "path", "format", "safe", "bom"),
                get("/api/v1/datasets/columns", catalog::columns, "path", "format", "safe", "bom"),
                get("/api/v1/datasets/download", catalog::download, "path").needs(Role.SUBMITTER),
                post("/api/v1/datasets/rename", uploads::rename).as(AuditAction.RENAME_DATASET),
                upload("/api/v1/datasets/uploads/{name...}", uploads::put, "replace")
                        .as(AuditAction.UPLOAD),
                delete("/api/v1/datasets/uploads/{name...}", uploads::delete, "recursive")
                        .as(AuditAction.DELETE_DATASET),
                get("/api/v1/presets", presets::list),
                post("/api/v1/presets", presets::create).as(AuditAction.PRESET_CREATE),
                get("/api/v1/presets/{preset}", presets::show),
                patch("/api/v1/presets/{preset}", presets::change).as(AuditAction.PRESET_CHANGE),
                delete("/api/v1/presets/{preset}", presets::delete).as(AuditAction.PRESET_DELETE),
                get("/api/v1/server", server::server),
                get("/api/v1/server/history", server::history),
                get(
                                "/api/v1/audit",
                                audit::list,
                                "actor",
                                "action",
                                "target",
                                "since",
                                "until",
                                "before",
                                "limit",
                                "format",
                                "safe",
                                "bom")
                        .needs(Role.ADMIN),
                get("/api/v1/tokens", tokens::list, "format", "safe", "bom").needs(Role.ADMIN),
                post("/api/v1/tokens", tokens::create).needs(Role.ADMIN).as(AuditAction.TOKEN_CREATE),
                delete("/api/v1/tokens/{token}", tokens::revoke)
                        .needs(Role.ADMIN)
                        .as(AuditAction.TOKEN_REVOKE),
                get("/readyz", server::ready, "verbose").open()));
        return routes;
    }

    /** The endpoints that are available while the server starts. */
    public static List<Route> starting(Authenticator authenticator, Metrics metrics, String cookie) {
        List<Route> routes = new ArrayList<>(always(authenticator, metrics, cookie));
        routes.addAll(List.of(
                events("/api/v1/events", EventHandlers::starting),
                events("/api/v1/jobs/{id}/events", EventHandlers::starting, "until"),
                get("/readyz", ServerHandlers::starting, "verbose").open()));
        return routes;
    }

    /** The endpoints that are there from the beginning. */
    private static List<Route> always(Authenticator authenticator, Metrics metrics, String cookie) {
        SessionHandlers sessions = new SessionHandlers(authenticator, cookie);
        return List.of(
                get("/api/v1/session", sessions::show).open(),
                post("/api/v1/session", sessions::logIn).open().as(AuditAction.LOGIN),
                delete("/api/v1/session", sessions::logOut).open().as(AuditAction.LOGOUT),
                get("/api/v1/openapi.yaml", OpenApiHandler::document).open(),
                get("/metrics", new MetricsHandler(metrics)::show),
                get("/livez", Handler.immediate(ServerHandlers::live)).open());
    }
}
