package tinderbox.http;

import com.dslplatform.json.CompiledJson;
import io.undertow.util.Headers;
import java.util.List;
import java.util.Map;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.security.Door;
import tinderbox.security.Sessions;

/** The calls that log a browser in and out, and tell who it is. */
final class SessionCalls {
    private static final String TOKEN = "token";

    private final Door door;
    private final String cookie;

    SessionCalls(Door door, String cookie) {
        this.door = door;
        this.cookie = cookie;
    }

    /** Who calls, as it goes over the wire; user and role are null where that is not known. */
    @CompiledJson
    record SessionJson(boolean auth, String user, String role) {
        static SessionJson of(boolean auth, Request request) {
            return request.caller() == null
                    ? new SessionJson(auth, null, null)
                    : new SessionJson(
                            auth,
                            request.caller().name(),
                            request.caller().role().code());
        }
    }

    Answer show(Request request) {
        return Answer.json(200, SessionJson.of(door.isClosed(), request));
    }

    Answer logIn(Request request) {
        String token = token(request.body().object());
        if (!door.isClosed()) {
            throw new JobException(ErrorCode.WRONG_STATE, "This server needs no token", "go on without");
        }
        Door.LoggedIn session = door.logIn(token, request.sender().network());
        request.note().about(session.caller().name());
        return Answer.empty(204)
                .with(Headers.SET_COOKIE, cookie(session.secret(), Sessions.LIFETIME.toSeconds(), request));
    }

    private static String token(Map<String, Object> body) {
        List<FieldProblem> unknown = body.keySet().stream()
                .filter(field -> !field.equals(TOKEN))
                .map(field -> new FieldProblem(field, "is unknown; the only field is " + TOKEN))
                .toList();
        if (!unknown.isEmpty()) {
            throw new JobException(
                    ErrorCode.UNKNOWN_FIELD, "The body has fields that this call does not take", unknown);
        }
        if (body.get(TOKEN) instanceof String token) {
            return token.strip();
        }
        throw new JobException(
                ErrorCode.WRONG_TYPE,
                "The body does not tell the token",
                List.of(new FieldProblem(TOKEN, "must be a text")));
    }

    Answer logOut(Request request) {
        request.body().checkEmpty();
        String session = request.sender().session();
        if (session == null || !door.logOut(session)) {
            request.note().nothingDone();
        }
        return Answer.empty(204).with(Headers.SET_COOKIE, cookie("", 0, request));
    }

    /** Strict: no page elsewhere can have the browser send it, not even by a link. */
    private String cookie(String value, long seconds, Request request) {
        return cookie + "=" + value + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict"
                + (request.sender().encrypted() ? "; Secure" : "");
    }
}
