package tinderbox.http.api;

import com.dslplatform.json.CompiledJson;
import io.undertow.util.Headers;
import java.util.List;
import java.util.Map;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.security.auth.Authenticator;
import tinderbox.security.auth.BrowserSessions;

/** The endpoints that log a browser in and out, and show its session. */
final class SessionHandlers {
    private static final String TOKEN = "token";

    private final Authenticator authenticator;
    private final String cookie;

    SessionHandlers(Authenticator authenticator, String cookie) {
        this.authenticator = authenticator;
        this.cookie = cookie;
    }

    /**
     * The principal of a request; user and role are null if it is not known.
     *
     * @param sees the submitters whose jobs and uploads it sees; null for everybody
     */
    @CompiledJson
    record SessionJson(boolean auth, String user, String role, List<String> sees) {
        static SessionJson of(boolean auth, Request request) {
            return request.principal() == null
                    ? new SessionJson(auth, null, null, null)
                    : new SessionJson(
                            auth,
                            request.principal().name(),
                            request.principal().role().code(),
                            request.visibility().names());
        }
    }

    Response show(Request request) {
        return Response.json(200, SessionJson.of(authenticator.isClosed(), request));
    }

    Response logIn(Request request) {
        String token = token(request.body().object());
        if (!authenticator.isClosed()) {
            throw new JobException(ErrorCode.WRONG_STATE, "This server needs no token", "continue without one");
        }
        Authenticator.LoggedIn session =
                authenticator.logIn(token, request.requestOrigin().network());
        request.auditDetails().setTarget(session.principal().name());
        return Response.empty(204)
                .with(Headers.SET_COOKIE, cookie(session.secret(), BrowserSessions.LIFETIME.toSeconds(), request));
    }

    private static String token(Map<String, Object> body) {
        List<FieldProblem> unknown = body.keySet().stream()
                .filter(field -> !field.equals(TOKEN))
                .map(field -> new FieldProblem(field, "is unknown; the only field is " + TOKEN))
                .toList();
        if (!unknown.isEmpty()) {
            throw new JobException(
                    ErrorCode.UNKNOWN_FIELD, "The body has fields that this endpoint does not take", unknown);
        }
        if (body.get(TOKEN) instanceof String token) {
            return token.strip();
        }
        throw new JobException(
                ErrorCode.WRONG_TYPE, "The body has no token", List.of(new FieldProblem(TOKEN, "must be a text")));
    }

    Response logOut(Request request) {
        request.body().checkEmpty();
        String session = request.requestOrigin().session();
        if (session == null || !authenticator.logOut(session)) {
            request.auditDetails().setNothingToRecord();
        }
        return Response.empty(204).with(Headers.SET_COOKIE, cookie("", 0, request));
    }

    /** SameSite=Strict: pages of other sites cannot make the browser send it, not even through a link. */
    private String cookie(String value, long seconds, Request request) {
        return cookie + "=" + value + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict"
                + (request.requestOrigin().encrypted() ? "; Secure" : "");
    }
}
