package tinderbox.security.audit;

import java.io.Closeable;
import java.io.IOException;

/** The pages of the audit log, one after another; it may be written meanwhile. */
public interface AuditPages extends Closeable {
    /** The next page. One without {@link AuditPage#more()} is the last. */
    AuditPage next() throws IOException;
}
