package tinderbox.http.api;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tinderbox.common.LaunchCommand;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.security.auth.Actor;
import tinderbox.security.auth.Authenticator;
import tinderbox.security.auth.Principal;
import tinderbox.security.auth.Role;
import tinderbox.security.auth.Token;
import tinderbox.security.auth.TokenAdmin;
import tinderbox.security.auth.TokenFile;
import tinderbox.security.auth.Tokens;

/** The endpoints with which admins list, create and revoke tokens. */
final class TokenHandlers {
    /** As on the command line. */
    private static final long MAX_DAYS = 99_999;

    private static final String NAME = "name";
    private static final String ROLE = "role";
    private static final String DAYS = "expires_in_days";
    private static final String SEES = "sees";
    private static final List<String> FIELDS = List.of(NAME, ROLE, DAYS, SEES);
    private static final String SEES_RULE =
            "must be a list of 1 to " + Token.MAX_SEES + " names of submitters, for a viewer; without it, it sees all";

    private static final List<String> COLUMNS = List.of(NAME, ROLE, "created_at", "expires_at", "expired", SEES);

    private final Authenticator authenticator;
    private final Tokens tokens;

    TokenHandlers(Authenticator authenticator) {
        this.authenticator = authenticator;
        this.tokens = authenticator.tokens();
    }

    Response list(Request request) {
        TableFormat format = TableFormat.of(request.query());
        request.query().check();
        return format.response(
                new ListJson(tokens.list().stream().map(TokenJson::of).toList()), "tokens", COLUMNS);
    }

    Response create(Request request) {
        Map<String, Object> body = request.body().object();
        checkFields(body);
        String name = (String) body.get(NAME);
        request.auditDetails().setTarget(name);
        Role role = Role.ofCode((String) body.get(ROLE)).orElseThrow();
        Long days = (Long) body.get(DAYS);
        if (!authenticator.isClosed()) {
            throw new JobException(
                    ErrorCode.WRONG_STATE,
                    "This server has no tokens, and the first one is created on its machine",
                    LaunchCommand.text() + " token create --name NAME --role admin, with the --data-dir of the server");
        }
        Duration lifetime = days == null ? null : Duration.ofDays(days);
        return change(
                request,
                name,
                by -> Response.json(201, CreatedJson.of(tokens.create(by, name, role, lifetime, sees(body)))));
    }

    Response revoke(Request request) {
        request.body().checkEmpty();
        String name = request.captured().get("token");
        if (!authenticator.isClosed()) {
            throw notFound(name);
        }
        return change(request, name, by -> {
            tokens.revoke(by, name);
            return Response.empty(204);
        });
    }

    /** The submitters that a viewer is to see; empty for everybody. Whether they can be names is checked later. */
    private static Set<String> sees(Map<String, Object> body) {
        return body.get(SEES) instanceof List<?> names
                ? names.stream().map(String::valueOf).collect(Collectors.toSet())
                : Set.of();
    }

    private static void checkFields(Map<String, Object> body) {
        List<FieldProblem> unknown = body.keySet().stream()
                .filter(field -> !FIELDS.contains(field))
                .map(field -> new FieldProblem(field, "is unknown; the fields are " + String.join(", ", FIELDS)))
                .toList();
        List<FieldProblem> wrong = new ArrayList<>();
        if (!(body.get(NAME) instanceof String)) {
            wrong.add(new FieldProblem(NAME, "must be a text"));
        }
        if (!(body.get(ROLE) instanceof String role) || Role.ofCode(role).isEmpty()) {
            wrong.add(new FieldProblem(ROLE, "must be viewer, submitter or admin"));
        }
        Object days = body.get(DAYS);
        if (days != null && !(days instanceof Long number && number >= 1 && number <= MAX_DAYS)) {
            wrong.add(new FieldProblem(DAYS, "must be a whole number from 1 to " + MAX_DAYS));
        }
        Object sees = body.get(SEES);
        boolean isList = sees instanceof List<?> names
                && !names.isEmpty()
                && names.stream().allMatch(String.class::isInstance);
        if (sees != null && !isList) {
            wrong.add(new FieldProblem(SEES, SEES_RULE));
        }
        if (!unknown.isEmpty() || !wrong.isEmpty()) {
            List<FieldProblem> all = new ArrayList<>(unknown);
            all.addAll(wrong);
            throw new JobException(
                    unknown.isEmpty() ? ErrorCode.WRONG_TYPE : ErrorCode.UNKNOWN_FIELD,
                    "The fields of the body are not those of a token",
                    all);
        }
    }

    /** A change of the tokens by an admin, which is in the audit log once it is made. */
    private interface Change<T> {
        T make(Actor by) throws IOException, TokenAdmin.RefusedException;
    }

    private static <T> T change(Request request, String name, Change<T> change) {
        Principal principal = request.principal();
        try {
            T made = change.make(new Actor(principal, request.requestOrigin().address(), request.id()));
            request.auditDetails().setNothingToRecord();
            return made;
        } catch (TokenAdmin.RefusedException e) {
            throw refusal(e.reason(), name);
        } catch (TokenFile.BusyException e) {
            throw new JobException(
                    ErrorCode.SERVER_BUSY, "A command is changing the tokens", "send the request again in a moment");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JobException refusal(TokenAdmin.Reason reason, String name) {
        return switch (reason) {
            case INVALID_NAME ->
                new JobException(
                        ErrorCode.INVALID_NAME,
                        "A token cannot have this name",
                        List.of(new FieldProblem(
                                NAME,
                                "must be 1 to 63 letters, digits, . _ @ or -, begin with a letter or digit, and not be "
                                        + Principal.LOCAL.name())));
            case INVALID_SEES ->
                new JobException(
                        ErrorCode.INVALID_NAME,
                        "A token cannot be limited to these submitters",
                        List.of(new FieldProblem(SEES, SEES_RULE)));
            case NAME_TAKEN ->
                new JobException(
                        ErrorCode.TOKEN_EXISTS,
                        "There is already a token " + name,
                        "revoke it first, or choose another name");
            case TOO_MANY ->
                new JobException(
                        ErrorCode.WRONG_STATE, "There are as many tokens as there may be", "revoke some first");
            case UNKNOWN -> notFound(name);
            case NO_ADMIN ->
                new JobException(
                        ErrorCode.BAD_TOKEN,
                        "The token of this request has just been revoked, or has expired",
                        "use another");
            case LAST_ADMIN ->
                new JobException(
                        ErrorCode.WRONG_STATE,
                        "Without this token, there would be no admin",
                        "create another admin first, or use `token revoke` on the server's machine");
            case NOT_EMPTY -> throw new IllegalStateException("only the command line opens a server");
        };
    }

    private static JobException notFound(String name) {
        return new JobException(ErrorCode.TOKEN_NOT_FOUND, "There is no token " + name, "GET /api/v1/tokens lists all");
    }

    /** All tokens, in the order in which they were created. */
    @CompiledJson
    record ListJson(List<TokenJson> tokens) {}

    /** A token without its secret. */
    @CompiledJson
    record TokenJson(
            String name,
            String role,
            @JsonAttribute(name = "created_at") Instant createdAt,
            @JsonAttribute(name = "expires_at") Instant expiresAt,
            boolean expired,
            List<String> sees) {
        static TokenJson of(Tokens.Listed listed) {
            Token token = listed.token();
            return new TokenJson(
                    token.name(),
                    token.role().code(),
                    token.createdAt(),
                    token.expiresAt(),
                    listed.expired(),
                    token.sees().names());
        }
    }

    /** A token that was just created, with the secret, which no other response has. */
    @CompiledJson
    record CreatedJson(
            String name,
            String role,
            @JsonAttribute(name = "created_at") Instant createdAt,
            @JsonAttribute(name = "expires_at") Instant expiresAt,
            boolean expired,
            List<String> sees,
            String secret) {
        static CreatedJson of(Tokens.Created created) {
            Token token = created.token();
            return new CreatedJson(
                    token.name(),
                    token.role().code(),
                    token.createdAt(),
                    token.expiresAt(),
                    false,
                    token.sees().names(),
                    created.secret());
        }
    }
}
