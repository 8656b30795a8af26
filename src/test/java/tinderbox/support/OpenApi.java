package tinderbox.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The description of the API in the JAR, {@code openapi.yaml}. */
public final class OpenApi {
    private static final OpenApi SHARED = new OpenApi();

    private final JsonNode root;
    private final List<Operation> operations = new ArrayList<>();

    /**
     * A method of a path.
     *
     * @param method in upper case
     * @param path with the names of its parameters in braces
     */
    public record Operation(String method, String path, JsonNode node, JsonNode pathItem) {
        private boolean matches(String[] segments) {
            String[] template = path.split("/", -1);
            // A parameter of OpenAPI cannot say that it takes slashes.
            boolean takesRest = path.equals("/api/v1/datasets/uploads/{name}") && segments.length > template.length;
            if (template.length != segments.length && !takesRest) {
                return false;
            }
            for (int i = 0; i < template.length; i++) {
                boolean matches =
                        template[i].startsWith("{") ? !segments[i].isEmpty() : template[i].equals(segments[i]);
                if (!matches) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private OpenApi() {
        try (InputStream in = OpenApi.class.getResourceAsStream("/openapi.yaml")) {
            root = new ObjectMapper(new YAMLFactory()).readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        root.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(member -> {
                    if (Set.of("get", "put", "post", "patch", "delete").contains(member.getKey())) {
                        operations.add(new Operation(
                                member.getKey().toUpperCase(java.util.Locale.ROOT),
                                path.getKey(),
                                member.getValue(),
                                path.getValue()));
                    }
                }));
    }

    public static OpenApi document() {
        return SHARED;
    }

    public JsonNode root() {
        return root;
    }

    public List<Operation> operations() {
        return operations;
    }

    /** The operations of a path without its query. */
    public List<Operation> at(String path) {
        String[] segments = path.split("/", -1);
        return operations.stream()
                .filter(operation -> operation.matches(segments))
                .toList();
    }

    /** What a node is or refers to. */
    public JsonNode resolved(JsonNode node) {
        JsonNode reference = node.get("$ref");
        return reference == null ? node : root.at(reference.asText().substring(1));
    }

    /** The response of an operation with a status, if it is described. */
    public Optional<JsonNode> response(Operation operation, int status) {
        return Optional.ofNullable(operation.node().get("responses").get(Integer.toString(status)))
                .map(this::resolved);
    }

    /** The names of the parameters of an operation that are in the path, the query or a header. */
    public Set<String> parameters(Operation operation, String in) {
        Set<String> names = new TreeSet<>();
        for (JsonNode holder : List.of(operation.pathItem(), operation.node())) {
            holder.path("parameters").forEach(each -> {
                JsonNode parameter = resolved(each);
                if (parameter.get("in").asText().equals(in)) {
                    names.add(parameter.get("name").asText());
                }
            });
        }
        return names;
    }

    /** The role that an operation needs; empty if it needs none. */
    public String role(Operation operation) {
        JsonNode security = operation.node().has("security") ? operation.node().get("security") : root.get("security");
        boolean open = security.isEmpty() || security.get(0).isEmpty();
        return open ? "" : security.get(0).get("token").get(0).asText();
    }
}
