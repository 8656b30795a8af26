package tinderbox.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tinderbox.client.ClientException;
import tinderbox.client.JsonObject;
import tinderbox.client.Table;
import tinderbox.client.TinderboxClient;

/** The tokens of a server that runs, by its API. */
final class RemoteTokens {
    private static final String PATH = "api/v1/tokens";

    private final TinderboxClient client;
    private final PrintWriter out;

    RemoteTokens(TinderboxClient client, PrintWriter out) {
        this.client = client;
        this.out = out;
    }

    /**
     * Creates a token, and prints its secret.
     *
     * @param lifetime null for no limit
     */
    void create(String name, String role, Duration lifetime, Set<String> sees)
            throws ClientException, InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>(Map.of("name", name, "role", role));
        if (lifetime != null) {
            body.put("expires_in_days", lifetime.toDays());
        }
        if (!sees.isEmpty()) {
            body.put("sees", List.copyOf(sees));
        }
        out.println(client.post(PATH, body).object().required("secret"));
        out.println("This is the token " + name + " (" + role + "). Copy it now: it is not stored.");
    }

    void list() throws ClientException, InterruptedException {
        List<List<String>> rows = new ArrayList<>();
        for (JsonObject token : client.get(PATH).object().requiredObjects("tokens")) {
            rows.add(List.of(
                    token.shown("name"),
                    token.shown("role"),
                    token.shown("created_at"),
                    token.flag("expired") ? "expired" : token.has("expires_at") ? token.shown("expires_at") : "never",
                    String.join(", ", token.texts("sees"))));
        }
        new Table(List.of("name", "role", "created", "expires", "sees")).print(rows, out);
    }

    void revoke(String name) throws ClientException, InterruptedException {
        client.delete(PATH + "/" + TinderboxClient.encoded(name));
        out.println("Revoked " + name + ".");
    }
}
