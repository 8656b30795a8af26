package tinderbox.page;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Starts the shared browser, and closes it and the shared server after the last test of the page. */
final class SharedBrowser implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext test) {
        // The launcher session lasts until the last test class of the JVM, even if Maven runs the classes one by one.
        test.getStore(
                        ExtensionContext.StoreScope.LAUNCHER_SESSION,
                        ExtensionContext.Namespace.create(SharedBrowser.class))
                .computeIfAbsent("close", key -> (AutoCloseable) SharedBrowser::close);
        // Here, where no timeout of a test applies, because the browser may have to be downloaded.
        Browsers.shared();
    }

    private static void close() throws Exception {
        Browsers.close();
        PageServer.closeShared();
    }
}
