package tinderbox.http.message;

import io.undertow.util.HeaderValues;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Content negotiation by Accept and Accept-Encoding.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1">RFC 9110: Accept</a>
 */
public final class AcceptHeader {
    private AcceptHeader() {}

    /**
     * The preferred type; among equals the one named more exactly, then the first.
     *
     * @param header the Accept header, or null if there is none
     * @return empty if none is acceptable
     */
    static Optional<String> best(String header, List<String> offered) {
        if (header == null || header.isBlank()) {
            return Optional.of(offered.get(0));
        }
        String best = null;
        double highest = 0;
        for (String type : offered) {
            double preference = preference(header, type);
            if (preference > highest) {
                highest = preference;
                best = type;
            }
        }
        return Optional.ofNullable(best);
    }

    /** The quality of {@code type} in the range that names it most exactly, plus a tiny bonus for exactness. */
    private static double preference(String header, String type) {
        double preference = 0;
        int closest = 0;
        for (String range : header.split(",", -1)) {
            String[] parts = range.strip().split("\\s*;\\s*", -1);
            int exactness = exactness(parts[0].toLowerCase(Locale.ROOT), type);
            if (exactness > closest) {
                closest = exactness;
                double quality = quality(parts);
                preference = quality == 0 ? 0 : quality + exactness / 1e6;
            }
        }
        return preference;
    }

    private static int exactness(String range, String type) {
        if (range.equals(type)) {
            return 3;
        }
        if (range.equals(type.substring(0, type.indexOf('/')) + "/*")) {
            return 2;
        }
        return range.equals("*/*") ? 1 : 0;
    }

    /**
     * True if a client accepts gzip and does not prefer the plain response.
     *
     * @param header the Accept-Encoding header, or null if there is none
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3">RFC 9110: Accept-Encoding</a>
     */
    public static boolean prefersGzip(String header) {
        double any = 0;
        double plain = 0;
        double gzip = -1;
        for (String coding : header == null ? new String[0] : header.split(",")) {
            String[] parts = coding.strip().split("\\s*;\\s*", -1);
            switch (parts[0].toLowerCase(Locale.ROOT)) {
                case "gzip", "x-gzip" -> gzip = Math.max(gzip, quality(parts));
                case "identity" -> plain = quality(parts);
                case "*" -> any = quality(parts);
                default -> {}
            }
        }
        double preference = gzip < 0 ? any : gzip;
        return preference > 0 && preference >= plain;
    }

    /** A list header that may be sent in several lines, or null if it is absent. */
    public static String joined(HeaderValues values) {
        return values == null ? null : String.join(",", values);
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].toLowerCase(Locale.ROOT).matches("q=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")) {
                return Double.parseDouble(parts[i].substring(2));
            }
        }
        return 1;
    }
}
