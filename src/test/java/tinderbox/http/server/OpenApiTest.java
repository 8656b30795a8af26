package tinderbox.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobState;
import tinderbox.job.StageProgress;
import tinderbox.job.log.LogLine;
import tinderbox.job.result.Column;
import tinderbox.jobtype.ParamSpec;
import tinderbox.security.audit.AuditAction;
import tinderbox.security.auth.Role;
import tinderbox.support.OpenApi;
import tinderbox.support.RouteTable;

/** openapi.yaml describes what the code has. Its schemas are compared with every response that tests see. */
class OpenApiTest {
    private static final OpenApi API = OpenApi.document();

    @Test
    void itHasTheRoutesWithTheirRolesAndParameters() {
        Set<String> real = RouteTable.rows().stream()
                .map(row -> row.method() + " " + row.path() + " " + row.role() + " " + row.parameters())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> described = API.operations().stream()
                .map(operation -> operation + " " + API.role(operation) + " " + API.parameters(operation, "query"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(real, described);
    }

    @Test
    void itHasEveryErrorCodeWithItsStatus() {
        Map<String, Set<String>> real = new TreeMap<>();
        // That of other methods than those that are described.
        Set<ErrorCode> ofNoOperation = Set.of(ErrorCode.METHOD_NOT_ALLOWED);
        for (ErrorCode code : ErrorCode.values()) {
            if (!ErrorsDocumentTest.JOBS_ALONE.contains(code) && !ofNoOperation.contains(code)) {
                ErrorMapper.Status status = ErrorMapper.status(code.kind());
                real.computeIfAbsent(Integer.toString(status.code()), key -> new TreeSet<>())
                        .add(code.code());
            }
        }
        Map<String, Set<String>> described = new TreeMap<>();
        API.root().get("components").get("responses").forEach(response -> {
            JsonNode members = response.at("/content/application~1problem+json/schema/allOf/1/properties");
            if (!members.isMissingNode()) {
                described.put(members.get("status").get("const").asText(), words(members.get("code")));
            }
        });

        assertEquals(real, described);
    }

    @Test
    void itHasTheWordsOfTheCode() {
        Set<String> failures = Stream.of(ErrorCode.values())
                .filter(code -> code.compareTo(ErrorCode.INVALID_INPUT) >= 0)
                .map(ErrorCode::code)
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(failures, words(schema("/JobError/properties/code")));
        assertEquals(names(JobState.values(), Enum::name), words(schema("/JobStatus")));
        assertEquals(names(JobState.values(), Enum::name), names(schema("/JobCounts/properties")));
        assertEquals(names(StageProgress.State.values(), Enum::name), words(schema("/Stage/properties/status")));
        assertEquals(names(LogLine.Level.values(), Enum::name), words(schema("/LogLevel")));
        assertEquals(names(LogLine.Level.values(), Enum::name), words(schema("/LogLine/properties/level")));
        assertEquals(names(Column.Type.values(), Column.Type::code), words(schema("/ResultColumn/properties/type")));
        assertEquals(names(ParamSpec.Kind.values(), ParamSpec.Kind::code), words(schema("/Parameter/properties/kind")));
        assertEquals(names(AuditAction.values(), AuditAction::word), words(schema("/AuditAction")));
        assertEquals(names(Role.values(), Role::code), words(schema("/Role")));
        assertEquals(names(Role.values(), Role::code), words(schema("/NewToken/properties/role")));
    }

    @Test
    void allThatItDescribesIsUsed() {
        String text = API.root().toString();
        for (String kind : List.of("parameters", "headers", "responses", "requestBodies", "schemas")) {
            API.root().get("components").get(kind).fieldNames().forEachRemaining(name -> {
                String reference = "\"#/components/" + kind + "/" + name + "\"";
                assertEquals(name, text.contains(reference) ? name : "is not used");
            });
        }
    }

    private static JsonNode schema(String pointer) {
        return API.root().at("/components/schemas" + pointer);
    }

    private static Set<String> words(JsonNode schema) {
        Set<String> words = new TreeSet<>();
        schema.path(schema.has("enum") ? "enum" : "x-extensible-enum").forEach(word -> words.add(word.asText()));
        return words;
    }

    private static Set<String> names(JsonNode properties) {
        Set<String> names = new TreeSet<>();
        properties.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static <E> Set<String> names(E[] values, Function<E, String> name) {
        return Arrays.stream(values).map(name).collect(Collectors.toCollection(TreeSet::new));
    }
}
