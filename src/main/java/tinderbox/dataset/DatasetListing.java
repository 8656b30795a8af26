package tinderbox.dataset;

import java.text.Normalizer;
import java.util.Comparator;
import java.util.Locale;

/**
 * Which entries of a folder are listed, and in which order; folders are always first.
 *
 * @param search what their names contain, in upper or lower case; null for all entries. A search finds also what is in
 *     the folders of the folder
 * @param sort what they are sorted by; the names decide between equal ones
 * @param descending whether the greatest come first
 */
public record DatasetListing(String search, Sort sort, boolean descending) {
    /** All entries by their names. */
    public static final DatasetListing ALL = new DatasetListing(null, Sort.NAME, false);

    /** What entries can be sorted by. */
    public enum Sort {
        NAME,
        SIZE,
        MODIFIED
    }

    Comparator<DatasetEntry> order() {
        Comparator<DatasetEntry> order = switch (sort) {
            case NAME -> Comparator.comparing(DatasetEntry::name);
            case SIZE -> Comparator.comparing(DatasetEntry::bytes, Comparator.nullsFirst(Comparator.naturalOrder()));
            case MODIFIED ->
                Comparator.comparing(DatasetEntry::modifiedAt, Comparator.nullsFirst(Comparator.naturalOrder()));
        };
        return Comparator.comparing((DatasetEntry entry) -> !entry.folder())
                .thenComparing(descending ? order.reversed() : order)
                .thenComparing(DatasetEntry::path);
    }

    boolean finds(String name) {
        return search == null || folded(name).contains(folded(search));
    }

    /** One character can be written in several ways. */
    private static String folded(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }
}
