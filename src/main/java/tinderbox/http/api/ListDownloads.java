package tinderbox.http.api;

import io.undertow.util.HttpString;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseBody;
import tinderbox.job.ErrorCode;
import tinderbox.job.Slots;

/**
 * Whole lists as CSV, read while they are sent. A list of jobs keeps their ids in memory until it is sent, so there are at
 * most eight lists at once, two of each caller.
 */
final class ListDownloads {
    /** The most lines of a list that would otherwise need memory without a bound. */
    static final int MAX_LINES = 100_000;

    /** The header of a response that lacks some of the items. */
    static final HttpString TRUNCATED = new HttpString("List-Truncated");

    private static final int AT_ONCE = 8;
    private static final int AT_ONCE_EACH = 2;
    private static final int BATCH = 50;

    private final Slots slots =
            Slots.each(ErrorCode.SERVER_BUSY, "lists as CSV at the same time", AT_ONCE, AT_ONCE_EACH);

    /** The items of a list, some at a time. */
    interface Items extends Closeable {
        /** The next ones, as they are in the JSON of the list; empty after the last. */
        List<?> next() throws IOException;

        @Override
        default void close() throws IOException {}
    }

    /**
     * A list to send.
     *
     * @param truncated whether items that match are not among these
     */
    record Listed(Items items, boolean truncated) {
        /** A list that is in memory. */
        static Listed of(List<?> all, boolean truncated) {
            Iterator<? extends List<?>> batches = batches(all).iterator();
            return new Listed(() -> batches.hasNext() ? batches.next() : List.of(), truncated);
        }
    }

    /** Finds a list. */
    interface Finder {
        Listed find() throws IOException;
    }

    /** The parts of a list that are read one after another. */
    static <T> List<List<T>> batches(List<T> all) {
        return IntStream.iterate(0, from -> from < all.size(), from -> from + BATCH)
                .mapToObj(from -> all.subList(from, Math.min(from + BATCH, all.size())))
                .toList();
    }

    /** The response with a list as CSV; {@code name} is that of the file. */
    Response csv(Request request, TableFormat format, String name, List<String> columns, Finder finder)
            throws IOException {
        Slots.Slot slot = slots.take(request.requestOrigin().holder());
        try {
            Listed listed = finder.find();
            Response.Complete response = Response.download(
                    new ResponseBody.Releasing(format.csv(columns, listed.items()), slot::close),
                    TableFormat.CONTENT_TYPE,
                    name + (listed.truncated() ? "-truncated.csv" : ".csv"));
            return listed.truncated() ? response.with(TRUNCATED, "true") : response;
        } catch (IOException | RuntimeException | Error e) {
            slot.close();
            throw e;
        }
    }
}
