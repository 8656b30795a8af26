package tinderbox.executor;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import tinderbox.dataset.Compression;
import tinderbox.dataset.DriverFile;

/**
 * Encodes the messages between executors and the driver as bytes. Spark would decode an object with the class path of the
 * executor's process, which may have none of our classes, or those of another version.
 */
final class MessageCodec {
    /** The largest message, in bytes. */
    static final int MAX_BYTES = 8 << 20;

    private static final ObjectInputFilter FILTER =
            ObjectInputFilter.Config.createFilter("maxbytes=" + MAX_BYTES + ";maxarray=" + MAX_BYTES
                    + ";maxdepth=20;maxrefs=100000;" + "tinderbox.executor.*;" + DriverFile.class.getName() + ";"
                    + Compression.class.getName() + ";java.lang.*;java.util.*;java.time.*;!*");

    private MessageCodec() {}

    static byte[] encode(Object message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(message);
        }
        if (bytes.size() > MAX_BYTES) {
            throw new IOException("a message of " + bytes.size() + " bytes is too large to send");
        }
        return bytes.toByteArray();
    }

    /** @throws IOException if the bytes are not a message of this version */
    static Object decode(byte[] bytes) throws IOException {
        try (OwnClassesInputStream in = new OwnClassesInputStream(new ByteArrayInputStream(bytes))) {
            in.setObjectInputFilter(FILTER);
            return in.readObject();
        } catch (ClassNotFoundException | RuntimeException e) {
            throw new IOException("not a message of this version of Tinderbox", e);
        }
    }

    /** Finds classes where this one is, no matter which thread decodes. */
    private static final class OwnClassesInputStream extends ObjectInputStream {
        OwnClassesInputStream(InputStream in) throws IOException {
            super(in);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(description.getName(), false, MessageCodec.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                return super.resolveClass(description);
            }
        }
    }
}
