package tinderbox.page;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Ends what the tests of the page share, the browser first, once the last test has run. */
final class Shared implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext test) {
        test.getRoot().getStore(ExtensionContext.Namespace.create(Shared.class)).computeIfAbsent("end", key ->
                (AutoCloseable) Shared::end);
    }

    private static void end() throws Exception {
        Browsers.close();
        Site.closeShared();
    }
}
