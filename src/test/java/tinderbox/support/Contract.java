package tinderbox.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;
import tinderbox.support.OpenApi.Operation;

/**
 * Compares responses with {@link OpenApi}: their status, type, headers and every member of their JSON. The document lets
 * later servers add members and words; here each that it does not list is an error, because otherwise it could drift.
 */
public final class Contract {
    private static final String IRI = "https://tinderbox.test/openapi.json";
    private static final String PROBLEM = "application/problem+json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final OpenApi API = OpenApi.document();

    /** Refusals before the server looks for the route. */
    private static final Set<Integer> OF_ANY_REQUEST = Set.of(400, 403, 413, 415, 417, 421, 500, 501, 503);

    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();
    private static final SchemaRegistry REGISTRY = registry();

    private Contract() {}

    private static SchemaRegistry registry() {
        ObjectNode document = API.root().deepCopy();
        closeEverySchema(document);
        ObjectNode schemas = (ObjectNode) document.get("components").get("schemas");
        API.root().get("components").get("schemas").properties().forEach(schema -> {
            schemas.set(schema.getKey(), closed(schema.getValue(), false));
            schemas.set(schema.getKey() + ".open", closed(schema.getValue(), true));
        });
        return SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemas(Map.of(IRI, document.toString()))
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build()));
    }

    /** Closes the schemas outside of {@code components/schemas}. */
    private static void closeEverySchema(JsonNode node) {
        node.properties().forEach(member -> {
            if (member.getKey().equals("schema")) {
                member.setValue(closed(member.getValue(), false));
            } else if (!member.getKey().equals("schemas")) {
                closeEverySchema(member.getValue());
            }
        });
    }

    /**
     * A schema that allows no other members and words.
     *
     * @param isPart whether it is a part of another, which then says that there are no other members
     */
    private static JsonNode closed(JsonNode schema, boolean isPart) {
        ObjectNode closed = schema.deepCopy();
        boolean hasMembers = closed.has("properties") && !closed.has("additionalProperties");
        if (!isPart && (hasMembers || closed.has("allOf"))) {
            closed.put("unevaluatedProperties", false);
        }
        if (isPart && closed.has("$ref")) {
            closed.put("$ref", closed.get("$ref").asText() + ".open");
        }
        if (closed.has("x-extensible-enum")) {
            closed.set("enum", closed.get("x-extensible-enum"));
        }
        for (String name : List.of("items", "contentSchema")) {
            if (closed.has(name)) {
                closed.set(name, closed(closed.get(name), false));
            }
        }
        closed.path("properties").properties().forEach(member -> member.setValue(closed(member.getValue(), false)));
        closeItems(closed, "oneOf", isPart);
        closeItems(closed, "allOf", true);
        return closed;
    }

    private static void closeItems(ObjectNode schema, String name, boolean areParts) {
        List<JsonNode> items = new ArrayList<>();
        schema.path(name).forEach(item -> items.add(closed(item, areParts)));
        if (!items.isEmpty()) {
            schema.putArray(name).addAll(items);
        }
    }

    /** Fails unless the document describes this response. */
    public static void check(HttpResponse<byte[]> response) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        check(
                response.request().method(),
                response.request().uri().getRawPath(),
                response.statusCode(),
                headers,
                response.body());
    }

    /**
     * Fails unless the document describes this response.
     *
     * @param path without the query
     * @param headers by their names in lower case
     * @param body null if it is not known
     */
    public static void check(String method, String path, int status, Map<String, List<String>> headers, byte[] body) {
        String what = method + " " + path + " -> " + status + ": ";
        boolean ofApi = path.startsWith("/api/") || path.equals("/livez") || path.equals("/readyz");
        if (!ofApi || method.equals("OPTIONS")) {
            return;
        }
        List<Operation> ofPath = API.at(path);
        Optional<Operation> operation = ofPath.stream()
                .filter(each -> each.method().equals(method.equals("HEAD") ? "GET" : method))
                .findFirst();
        if (operation.isEmpty()) {
            checkUnrouted(what, ofPath.isEmpty() ? 404 : 405, status, headers, body);
            return;
        }
        JsonNode response = API.response(operation.get(), status)
                .orElseThrow(() -> new AssertionError(what + "openapi.yaml does not list this status; " + text(body)));
        checkHeaders(what, response, headers);
        String type = mediaType(headers);
        JsonNode content = response.get("content");
        if (content == null) {
            expect(type == null && (body == null || body.length == 0), what + "has a body: " + text(body));
        } else {
            expect(content.has(String.valueOf(type)), what + "openapi.yaml does not list the type " + type);
            checkBody(what, operation.get(), status, type, headers, method.equals("HEAD") ? null : body);
        }
    }

    private static void checkUnrouted(
            String what, int expected, int status, Map<String, List<String>> headers, byte[] body) {
        expect(status == expected || OF_ANY_REQUEST.contains(status), what + "is not " + expected);
        expect(PROBLEM.equals(mediaType(headers)), what + "is no problem");
        expect(status != 405 || headers.containsKey("allow"), what + "has no Allow");
        if (body != null && body.length > 0) {
            checkJson(what, "#/components/schemas/Problem", body);
        }
    }

    private static void checkHeaders(String what, JsonNode response, Map<String, List<String>> headers) {
        response.path("headers").properties().forEach(header -> {
            JsonNode described = API.resolved(header.getValue());
            List<String> values = headers.get(header.getKey().toLowerCase(Locale.ROOT));
            expect(values != null || !described.path("required").asBoolean(), what + "has no " + header.getKey());
            String expected = described.path("schema").path("const").asText();
            expect(
                    values == null || expected.isEmpty() || values.equals(List.of(expected)),
                    what + header.getKey() + " is " + values);
        });
    }

    private static void checkBody(
            String what, Operation operation, int status, String type, Map<String, List<String>> headers, byte[] body) {
        if (body == null || !type.endsWith("json") || type.equals("application/x-ndjson")) {
            return;
        }
        checkJson(what, content(operation, status, type) + "/schema", decoded(headers, body));
    }

    /**
     * Fails unless the document describes this event of a stream.
     *
     * @param path of the stream
     * @param id null if the event has none
     */
    public static void checkEvent(String path, String event, String id, String data) {
        Operation operation = API.at(path).get(0);
        ObjectNode whole = JSON.createObjectNode().put("event", event);
        if (id != null) {
            whole.put("id", id);
        }
        whole.set("data", tree(data.getBytes(StandardCharsets.UTF_8)));
        validate(
                operation + ": the event " + event,
                content(operation, 200, "text/event-stream") + "/schema/contentSchema",
                whole);
    }

    /** The pointer to what a response has of a type. */
    private static String content(Operation operation, int status, String type) {
        JsonNode reference =
                operation.node().get("responses").get(Integer.toString(status)).get("$ref");
        String response = reference == null
                ? "#/paths/" + operation.path().replace("/", "~1") + "/"
                        + operation.method().toLowerCase(Locale.ROOT) + "/responses/" + status
                : reference.asText();
        return response + "/content/" + type.replace("/", "~1");
    }

    private static void checkJson(String what, String pointer, byte[] body) {
        validate(what, pointer, tree(body));
    }

    private static void validate(String what, String pointer, JsonNode value) {
        Schema schema = SCHEMAS.computeIfAbsent(
                pointer.replace("{", "%7B").replace("}", "%7D"),
                each -> REGISTRY.getSchema(SchemaLocation.of(IRI + each)));
        List<Error> errors = schema.validate(value);
        if (!errors.isEmpty()) {
            throw new AssertionError(what + "openapi.yaml describes something else: " + errors + " in " + value);
        }
    }

    private static JsonNode tree(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(text(json), e);
        }
    }

    private static byte[] decoded(Map<String, List<String>> headers, byte[] body) {
        if (!headers.containsKey("content-encoding")) {
            return body;
        }
        try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String mediaType(Map<String, List<String>> headers) {
        List<String> types = headers.get("content-type");
        return types == null ? null : types.get(0).split(";", 2)[0].strip();
    }

    private static String text(byte[] body) {
        return body == null ? "" : new String(body, StandardCharsets.UTF_8);
    }

    private static void expect(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message);
        }
    }
}
