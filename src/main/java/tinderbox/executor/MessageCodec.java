package tinderbox.executor;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.Status;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import tinderbox.dataset.Compression;
import tinderbox.dataset.DriverFile;
import tinderbox.job.log.LogLine;

/**
 * Encodes the messages between executors and the driver as bytes. Spark would decode an object with the class path of the
 * executor's process, which may have none of our classes, or those of another version.
 */
final class MessageCodec {
    /** The largest message, in bytes. */
    static final int MAX_BYTES = 8 << 20;

    /** The depth of a text in a line of {@link LogLines}, and some more. */
    private static final int MAX_DEPTH = 8;

    private static final int MAX_OBJECTS = 20_000;

    /** The class whose array a list allocates. */
    private static final Class<?> LIST_PARTS = Object[].class;

    /**
     * What messages consist of, beside the records of this package. No class that hashes its parts when it is decoded: a
     * nested set of a hundred bytes could keep the thread for years.
     */
    private static final Set<Class<?>> PARTS = Set.of(
            String.class,
            Boolean.class,
            Number.class,
            Integer.class,
            Long.class,
            UUID.class,
            ArrayList.class,
            Enum.class,
            LogLine.Level.class,
            Compression.class,
            DriverFile.class);

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
        if (bytes.length > MAX_BYTES) {
            throw new IOException("a message of " + bytes.length + " bytes is too large");
        }
        try (OwnClassesInputStream in = new OwnClassesInputStream(new ByteArrayInputStream(bytes))) {
            in.setObjectInputFilter(info -> isAllowed(info, bytes.length) ? Status.ALLOWED : Status.REJECTED);
            return in.readObject();
        } catch (ClassNotFoundException | IOException | RuntimeException e) {
            throw new IOException("not a message of this version of Tinderbox", e);
        }
    }

    /** An array is allocated before its parts are read, so none may claim to have more of them than there can be. */
    private static boolean isAllowed(ObjectInputFilter.FilterInfo info, int bytes) {
        Class<?> type = info.serialClass();
        boolean known = type == null
                || type == byte[].class
                || (type == LIST_PARTS && info.arrayLength() <= MAX_OBJECTS)
                || PARTS.contains(type)
                || (type.isRecord() && type.getPackage() == MessageCodec.class.getPackage());
        return known && info.depth() <= MAX_DEPTH && info.references() <= MAX_OBJECTS && info.arrayLength() <= bytes;
    }

    /**
     * A list that can be encoded. Call this in the constructors of messages: what is decoded may hold anything.
     *
     * @throws IllegalArgumentException if there are more than {@code max} values
     * @throws ClassCastException if one has another type
     */
    static <T> List<T> listOf(Class<T> type, List<T> values, int max) {
        if (values.size() > max) {
            throw new IllegalArgumentException("a list of " + values.size());
        }
        List<T> list = new ArrayList<>(values.size());
        for (Object value : values) {
            list.add(type.cast(Objects.requireNonNull(value)));
        }
        return list;
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
