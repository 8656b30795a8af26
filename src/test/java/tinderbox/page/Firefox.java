package tinderbox.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import tinderbox.fault.Soak;
import tinderbox.support.DebianPackage;

/**
 * Debian's Firefox with one window, driven by what the protocol of the W3C needs for a few stories. Elements are found as
 * a screen reader finds them, by role and name.
 *
 * @see <a href="https://w3c.github.io/webdriver-bidi/">WebDriver BiDi</a>
 */
final class Firefox implements AutoCloseable, WebSocket.Listener {
    /** Scrolls to an element, and waits until it stays where it is: a preview above it may come later. */
    private static final String STILL = """
            (element) => new Promise((done) => {
              element.scrollIntoView({ block: 'center' });
              let last = null;
              let frames = 0;
              const look = () => {
                const { x, y } = element.getBoundingClientRect();
                frames = last !== null && last.x === x && last.y === y ? frames + 1 : 0;
                last = { x, y };
                if (frames === 10) {
                  done();
                } else {
                  requestAnimationFrame(look);
                }
              };
              look();
            })""";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECONDS = 20;
    private static final String ENTER = "\uE007";

    private final Path profile;
    private final Process process;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final String window;
    private int lastId;

    /** Starts it. */
    Firefox() throws DebianPackage.MissingException, IOException {
        Path programs = DebianPackage.folderWithLibraries("firefox-esr");
        profile = Files.createTempDirectory("tinderbox-firefox");
        // Nothing but the page is loaded.
        Files.writeString(profile.resolve("user.js"), """
                user_pref("app.normandy.enabled", false);
                user_pref("app.update.disabledForTesting", true);
                user_pref("browser.safebrowsing.downloads.enabled", false);
                user_pref("browser.safebrowsing.malware.enabled", false);
                user_pref("browser.safebrowsing.phishing.enabled", false);
                user_pref("datareporting.policy.dataSubmissionEnabled", false);
                user_pref("network.captive-portal-service.enabled", false);
                user_pref("network.connectivity-service.enabled", false);
                user_pref("services.settings.server", "data:,");
                user_pref("toolkit.telemetry.server", "");
                """);
        Path program = programs.resolveSibling("lib/firefox-esr/firefox-esr");
        ProcessBuilder builder = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-remote",
                        "--profile",
                        profile.toString(),
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("output").toFile());
        builder.environment().put("HOME", profile.toString());
        builder.environment()
                .put(
                        "LD_LIBRARY_PATH",
                        programs.resolveSibling("lib/x86_64-linux-gnu").toString());
        process = builder.start();
        try {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(address(), this)
                    .join();
            send("session.new", Map.of("capabilities", Map.of()));
            send("session.subscribe", Map.of("events", List.of("log.entryAdded")));
            window = send("browsingContext.getTree", Map.of())
                    .get("contexts")
                    .get(0)
                    .get("context")
                    .asText();
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private URI address() throws IOException, DebianPackage.MissingException {
        Path output = profile.resolve("output");
        Path file = profile.resolve("WebDriverBiDiServer.json");
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> !process.isAlive() || (Files.exists(file) && Files.size(file) > 0));
        if (!process.isAlive()) {
            throw new DebianPackage.MissingException("Firefox does not start: " + Files.readString(output));
        }
        return URI.create("ws://127.0.0.1:" + JSON.readTree(file.toFile()).get("ws_port") + "/session");
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            receive(text.toString());
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    private void receive(String message) {
        JsonNode json;
        try {
            json = JSON.readTree(message);
        } catch (IOException e) {
            throw new IllegalStateException(message, e);
        }
        if (json.path("method").asText().equals("log.entryAdded")) {
            if (json.get("params").get("level").asText().equals("error")) {
                complaints.add(json.get("params").path("text").asText());
            }
            return;
        }
        CompletableFuture<JsonNode> answer = pending.remove(json.path("id").asInt());
        if (answer != null && json.has("result")) {
            answer.complete(json.get("result"));
        } else if (answer != null) {
            answer.completeExceptionally(new IllegalStateException(message));
        }
    }

    private JsonNode send(String method, Map<String, ?> params) {
        int id = ++lastId;
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        pending.put(id, answer);
        ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
        command.set("params", JSON.valueToTree(params));
        socket.sendText(command.toString(), true).join();
        return answer.orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Opens an address and waits until it is loaded. */
    void open(String url) {
        send("browsingContext.navigate", Map.of("context", window, "url", url, "wait", "complete"));
    }

    /** Goes back in the history. */
    void back() {
        send("browsingContext.traverseHistory", Map.of("context", window, "delta", -1));
    }

    /** The value of an expression, as text. */
    String evaluate(String expression) {
        JsonNode answer = send(
                "script.evaluate",
                Map.of("expression", expression, "target", Map.of("context", window), "awaitPromise", true));
        if (!answer.has("result")) {
            throw new AssertionError(answer.toString());
        }
        return answer.get("result").path("value").asText();
    }

    /** Waits until an expression is true. */
    void await(String expression) {
        String found = evaluate("""
                (async () => {
                  for (const end = Date.now() + %d000; Date.now() < end; ) {
                    if (%s) return 'yes';
                    await new Promise((resolve) => setTimeout(resolve, 25));
                  }
                  return location.href + ' ' + document.body.innerText;
                })()""".formatted(SECONDS, expression));
        if (!found.equals("yes")) {
            throw new AssertionError("not true within " + SECONDS + " s: " + expression + " at " + found);
        }
    }

    /** Waits until the view shows a text. */
    void awaitText(String shown) {
        await("document.querySelector('main')?.innerText.includes(" + JSON.valueToTree(shown) + ")");
    }

    /** The element with this role and accessible name, once there is one. */
    private Map<String, String> element(String role, String name) {
        Map<String, ?> locator = Map.of("type", "accessibility", "value", Map.of("role", role, "name", name));
        JsonNode[] found = new JsonNode[1];
        Awaitility.await(role + " " + name).atMost(SECONDS, TimeUnit.SECONDS).until(() -> {
            found[0] = send("browsingContext.locateNodes", Map.of("context", window, "locator", locator))
                    .get("nodes")
                    .get(0);
            return found[0] != null;
        });
        return Map.of("sharedId", found[0].get("sharedId").asText());
    }

    /** Clicks an element with the mouse. */
    void click(String role, String name) {
        Map<String, String> element = element(role, name);
        call(STILL, element);
        Map<String, Object> origin = Map.of("type", "element", "element", element);
        perform(
                "pointer",
                List.of(
                        Map.of("type", "pointerMove", "x", 0, "y", 0, "origin", origin),
                        Map.of("type", "pointerDown", "button", 0),
                        Map.of("type", "pointerUp", "button", 0)));
    }

    private void call(String function, Map<String, String> element) {
        send(
                "script.callFunction",
                Map.of(
                        "functionDeclaration",
                        function,
                        "arguments",
                        List.of(element),
                        "target",
                        Map.of("context", window),
                        "awaitPromise",
                        true));
    }

    private void perform(String device, Object actions) {
        send(
                "input.performActions",
                Map.of(
                        "context",
                        window,
                        "actions",
                        List.of(Map.of("type", device, "id", device, "actions", actions))));
    }

    /** Replaces what is in a field with what is typed. */
    void type(String role, String name, String typed) {
        call("(element) => { element.focus(); element.select(); }", element(role, name));
        keys(typed);
    }

    /** Presses the key Enter. */
    void enter() {
        keys(ENTER);
    }

    private void keys(String typed) {
        ArrayNode actions = JSON.createArrayNode();
        typed.codePoints().mapToObj(Character::toString).forEach(key -> {
            actions.addObject().put("type", "keyDown").put("value", key);
            actions.addObject().put("type", "keyUp").put("value", key);
        });
        perform("key", actions);
    }

    /** Chooses a file in the field that a selector finds. */
    void choose(String selector, Path file) {
        JsonNode node = send(
                        "browsingContext.locateNodes",
                        Map.of("context", window, "locator", Map.of("type", "css", "value", selector)))
                .get("nodes")
                .get(0);
        send(
                "input.setFiles",
                Map.of(
                        "context",
                        window,
                        "element",
                        Map.of("sharedId", node.get("sharedId").asText()),
                        "files",
                        List.of(file.toString())));
    }

    /** The errors in the console. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        socket.abort();
        Soak.delete(profile);
    }
}
