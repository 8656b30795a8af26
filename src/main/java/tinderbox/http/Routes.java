package tinderbox.http;

import static tinderbox.http.Route.delete;
import static tinderbox.http.Route.get;
import static tinderbox.http.Route.post;
import static tinderbox.http.Route.upload;

import java.util.List;

/** The route table. */
final class Routes {
    private Routes() {}

    /** Every call, with the query parameters it takes. */
    static List<Route> of(Services services, Waits waits, EventHub hub, String cookie) {
        JobCalls jobs = new JobCalls(services.jobs(), services.types(), waits, services.door());
        LogCalls logs = new LogCalls(services.jobs());
        EventCalls events = new EventCalls(services.jobs(), hub);
        ResultCalls results = new ResultCalls(services.jobs());
        CatalogCalls catalog = new CatalogCalls(services.types(), services.datasets());
        UploadCalls uploads = new UploadCalls(services.uploads());
        ServerCalls server = new ServerCalls(services.info(), services.jobs(), hub, services.door());
        SessionCalls sessions = new SessionCalls(services.door(), cookie);
        return List.of(
                post("/api/v1/jobs", jobs::submit),
                get("/api/v1/jobs", jobs::list, "status", "type", "q", "submitted_by", "limit", "offset"),
                get("/api/v1/jobs/{id}", jobs::show, "wait"),
                delete("/api/v1/jobs/{id}", jobs::delete),
                post("/api/v1/jobs/{id}/cancel", jobs::cancel),
                post("/api/v1/jobs/{id}/rerun", jobs::rerun),
                get("/api/v1/jobs/{id}/stages", jobs::stages),
                get("/api/v1/jobs/{id}/log", logs::log, "from", "limit", "level", "format"),
                get("/api/v1/jobs/{id}/result", results::result, "offset", "limit", "q", "format", "safe"),
                get("/api/v1/jobs/{id}/events", events::ofJob),
                get("/api/v1/events", events::ofAll),
                get("/api/v1/job-types", catalog::jobTypes),
                get("/api/v1/datasets", catalog::datasets, "path"),
                get("/api/v1/datasets/preview", catalog::preview, "path"),
                upload("/api/v1/datasets/uploads/{name}", uploads::put, "replace"),
                delete("/api/v1/datasets/uploads/{name}", uploads::delete),
                get("/api/v1/server", server::server),
                get("/api/v1/session", sessions::show).open(),
                post("/api/v1/session", sessions::logIn).open(),
                delete("/api/v1/session", sessions::logOut).open(),
                get("/livez", server::live).open(),
                get("/readyz", server::ready, "verbose").open());
    }
}
