package tinderbox.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.impl.driver.Driver;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Finds and starts the browser for the tests, one per JVM: the one that {@code TINDERBOX_BROWSER} names, otherwise an
 * installed Chromium, Chrome or Edge, otherwise one that Playwright downloads.
 */
public final class Browsers {
    private static final String VARIABLE = "TINDERBOX_BROWSER";
    private static final String ADVICE = "install Chromium (Debian: apt install chromium), or name a Chromium, Chrome"
            + " or Edge with " + VARIABLE + "=/path/to/it";

    /** By default, Playwright downloads three browsers on the first start. */
    private static final Map<String, String> NO_DOWNLOAD = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");

    private static final List<String> NAMES = List.of(
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
            "microsoft-edge",
            "microsoft-edge-stable");
    private static final List<String> PATHS = List.of(
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
            "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
            "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe");

    /** Without its sandbox, the browser also runs as root and in containers. It opens only our own pages. */
    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            // All pages are ours: one process shows them, instead of a new one and a spare one for each window.
            "--process-per-site",
            "--disable-site-isolation-trials",
            "--renderer-process-limit=1",
            // Makes performance.memory exact, for the benchmark.
            "--enable-precise-memory-info");

    private static final double LAUNCH_TIMEOUT_MS = 60_000;
    private static final long DOWNLOAD_MINUTES = 5;

    private static Playwright playwright;
    private static Browser browser;
    private static String failure;

    private Browsers() {}

    /**
     * The browser, started on the first call. Use it from one thread only.
     *
     * @throws AssertionError if there is no browser; the message says what to do. It is searched for only once.
     */
    public static synchronized Browser shared() {
        if (failure != null) {
            throw new AssertionError(failure);
        }
        if (browser == null) {
            playwright = Playwright.create(new Playwright.CreateOptions().setEnv(NO_DOWNLOAD));
            browser = start(playwright.chromium());
        }
        return browser;
    }

    /** Closes the browser, if it was started. */
    public static synchronized void close() {
        if (playwright != null) {
            playwright.close();
            playwright = null;
            browser = null;
        }
    }

    private static Browser start(BrowserType chromium) {
        String named = System.getenv(VARIABLE);
        if (named != null && !named.isEmpty()) {
            try {
                return launch(chromium, Path.of(named));
            } catch (PlaywrightException e) {
                throw none(VARIABLE + "=" + named + " does not start (" + reason(e) + ")", e);
            }
        }
        List<String> failures = new ArrayList<>();
        for (Path installed : installed()) {
            try {
                return launch(chromium, installed);
            } catch (PlaywrightException e) {
                failures.add(installed + " does not start (" + reason(e) + ")");
            }
        }
        try {
            download();
            return launch(chromium, null);
        } catch (IOException | PlaywrightException e) {
            failures.add("Playwright's own cannot be used (" + reason(e) + ")");
            throw none(String.join("; ", failures), e);
        }
    }

    /** Starts the browser at a path, or Playwright's own if it is null. */
    private static Browser launch(BrowserType chromium, Path executable) {
        return chromium.launch(new BrowserType.LaunchOptions()
                .setExecutablePath(executable)
                .setArgs(ARGUMENTS)
                .setTimeout(LAUNCH_TIMEOUT_MS));
    }

    private static List<Path> installed() {
        Stream<Path> onPath = NAMES.stream()
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)));
        return Stream.concat(onPath, PATHS.stream().map(Path::of))
                .filter(Files::isExecutable)
                .toList();
    }

    /** Lets Playwright download its own browser if it has not done so before. */
    private static void download() throws IOException {
        System.err.println("No installed browser can be used; Playwright downloads its own (about 100 MB)…");
        ProcessBuilder install =
                Driver.ensureDriverInstalled(NO_DOWNLOAD, false).createProcessBuilder();
        install.command().addAll(List.of("install", "--only-shell", "chromium"));
        install.environment().remove("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD");
        Process process = install.inheritIO().start();
        try {
            if (!process.waitFor(DOWNLOAD_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException("the download took longer than " + DOWNLOAD_MINUTES + " minutes");
            }
            if (process.exitValue() != 0) {
                throw new IOException("the download failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the download was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static AssertionError none(String why, Exception cause) {
        failure = "No browser for the tests of the page: " + why + "; " + ADVICE;
        return new AssertionError(failure, cause);
    }

    /** The first useful line of a message; those of Playwright begin with a line without information. */
    private static String reason(Exception e) {
        return String.valueOf(e.getMessage())
                .replaceFirst("^Error \\{\\s*message='", "")
                .lines()
                .findFirst()
                .orElse("");
    }
}
