package tinderbox.page;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Sees to it that there is a browser, and ends what the tests of the page share once the last of them has run. */
final class SharedBrowser implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext test) {
        // The session lasts as long as the JVM runs tests; Maven hands each class to the engine by itself.
        test.getStore(
                        ExtensionContext.StoreScope.LAUNCHER_SESSION,
                        ExtensionContext.Namespace.create(SharedBrowser.class))
                .computeIfAbsent("end", key -> (AutoCloseable) SharedBrowser::end);
        // Here, where no test's time is running: it may have to be downloaded.
        Browsers.shared();
    }

    private static void end() throws Exception {
        Browsers.close();
        PageServer.closeShared();
    }
}
