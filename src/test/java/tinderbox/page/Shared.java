package tinderbox.page;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Sees to it that there is a browser, and ends what the tests of the page share once the last of them has run. */
final class Shared implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext test) {
        test.getRoot().getStore(ExtensionContext.Namespace.create(Shared.class)).computeIfAbsent("end", key ->
                (AutoCloseable) Shared::end);
        // Here, where no test's time is running: it may have to be downloaded.
        Browsers.shared();
    }

    private static void end() throws Exception {
        Browsers.close();
        Site.closeShared();
    }
}
