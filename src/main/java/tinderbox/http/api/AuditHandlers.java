package tinderbox.http.api;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tinderbox.http.message.QueryParameters;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.http.server.LongReads;
import tinderbox.json.ExactNumbers;
import tinderbox.security.audit.AuditAction;
import tinderbox.security.audit.AuditEntry;
import tinderbox.security.audit.AuditLog;
import tinderbox.security.audit.AuditPage;
import tinderbox.security.audit.AuditPages;
import tinderbox.security.audit.AuditQuery;

/** The endpoint for the audit log. */
final class AuditHandlers {
    private static final List<String> ACTIONS =
            Arrays.stream(AuditAction.values()).map(AuditAction::word).toList();

    /** Of the file with the log as CSV. */
    private static final String FILE_NAME = "audit";

    private static final List<String> COLUMNS = List.of(
            "seq",
            "time",
            "actor",
            "role",
            "address",
            "action",
            "target",
            "params",
            "params_cut",
            "status",
            "code",
            "request_id",
            "hash");

    private final AuditLog log;
    private final LongReads longReads;
    private final ListDownloads listDownloads;

    AuditHandlers(AuditLog log, LongReads longReads, ListDownloads listDownloads) {
        this.log = log;
        this.longReads = longReads;
        this.listDownloads = listDownloads;
    }

    Response list(Request request) throws IOException {
        QueryParameters query = request.query();
        String action = query.choice("action", ACTIONS);
        Long before = query.has("before") ? query.number("before", 1, 1, ExactNumbers.MAX_NUMBER) : null;
        var auditQuery = new AuditQuery(
                query.text("actor"),
                action == null ? null : AuditAction.of(action),
                query.text("target"),
                query.instant("since"),
                query.instant("until"),
                before,
                (int) query.number("limit", 100, 1, AuditQuery.MAX_LIMIT));
        TableFormat format = TableFormat.of(query);
        query.check();
        if (format.isCsv() && !query.has("limit")) {
            return listDownloads.csv(
                    request,
                    format,
                    FILE_NAME,
                    COLUMNS,
                    () -> new ListDownloads.Listed(new AllEntries(log, auditQuery), false));
        }
        AuditPage page = longReads.run(request, LongReads.Kind.AUDIT, () -> log.page(auditQuery));
        List<EntryJson> entries = page.entries().stream().map(EntryJson::of).toList();
        if (format.isCsv()) {
            return listDownloads.csv(
                    request, format, FILE_NAME, COLUMNS, () -> ListDownloads.Listed.of(entries, page.more()));
        }
        String next = page.more()
                ? query.link("/api/v1/audit", "before", page.before().toString(), List.of())
                : null;
        return Response.json(200, new PageJson(entries, page.more(), page.before(), next));
    }

    /** All entries that match; the size of the log bounds them. */
    private static final class AllEntries implements ListDownloads.Items {
        private final AuditPages pages;
        private boolean more = true;

        private AllEntries(AuditLog log, AuditQuery query) throws IOException {
            this.pages = log.pages(query);
        }

        @Override
        public List<?> next() throws IOException {
            List<EntryJson> some = List.of();
            while (some.isEmpty() && more) {
                AuditPage page = pages.next();
                some = page.entries().stream().map(EntryJson::of).toList();
                more = page.more();
            }
            return some;
        }

        @Override
        public void close() throws IOException {
            pages.close();
        }
    }

    /** A page of entries; {@code before} is the parameter of the request for the next page, whose URL is {@code next}. */
    @CompiledJson
    record PageJson(List<EntryJson> entries, boolean more, Long before, String next) {}

    /** An entry. */
    @CompiledJson
    record EntryJson(
            long seq,
            Instant time,
            String actor,
            String role,
            String address,
            String action,
            String target,
            Map<String, Object> params,
            @JsonAttribute(name = "params_cut") boolean paramsCut,
            int status,
            String code,
            @JsonAttribute(name = "request_id") String requestId,
            String hash) {
        static EntryJson of(AuditEntry entry) {
            return new EntryJson(
                    entry.seq(),
                    entry.time(),
                    entry.actor(),
                    entry.role(),
                    entry.address(),
                    entry.action(),
                    entry.target(),
                    ExactNumbers.map(entry.params()),
                    entry.paramsCut(),
                    entry.status(),
                    entry.code(),
                    entry.requestId(),
                    entry.hash());
        }
    }
}
