package tinderbox.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A dataset's name, {@code root/path}, that has passed the first part of the guard: what it says. Whether it leads out of
 * its root through a link is seen when it is {@linkplain Datasets located}, and once more when it is {@linkplain NoFollowOpener
 * opened}.
 *
 * @param root the root's name
 * @param segments the path below it; empty for the root itself
 */
record DatasetPath(String root, List<String> segments) {
    /** Characters that Hadoop or Spark would take for a list, a pattern, a scheme or an escape; and controls. */
    private static final Pattern FORBIDDEN = Pattern.compile("[,*?\\[\\]{}\\\\:\\p{Cntrl}]");

    /** What {@link DatasetEntry#problem} says of what has such a character in its name. */
    static final String UNNAMEABLE_FILE = "cannot be named as an input because its name has a control character or one"
            + " of , : * ? [ ] { } \\; it is read with its folder";

    static final String UNNAMEABLE_FOLDER = "cannot be named as an input because its name has a control character or"
            + " one of , : * ? [ ] { } \\; rename it to have it read";

    /** What a reader of a name would not see as it is: controls, marks of direction, ends of lines, half characters. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    static final String SHAPE = "must be a dataset's name such as samples/moby-dick.txt: a root, then the path in it,"
            + " without .., hidden names, names that begin with _, or any of , : * ? [ ] { } \\";

    /** Reads a name; empty where it is not one. A single slash at the end is let pass. */
    static Optional<DatasetPath> parse(String text) {
        String trimmed = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        if (trimmed.isEmpty() || FORBIDDEN.matcher(trimmed).find()) {
            return Optional.empty();
        }
        List<String> segments = List.of(trimmed.split("/", -1));
        return segments.stream().allMatch(DatasetPath::isVisible)
                ? Optional.of(new DatasetPath(segments.get(0), segments.subList(1, segments.size())))
                : Optional.empty();
    }

    /** Whether a file of this name is a dataset: not hidden, and not what Hadoop takes for its own marker. */
    static boolean isVisible(String name) {
        return !name.isEmpty() && name.charAt(0) != '.' && name.charAt(0) != '_';
    }

    /** Whether a listed name could be sent back as part of a dataset's name. */
    static boolean isNameable(String name) {
        return isVisible(name) && !FORBIDDEN.matcher(name).find();
    }

    /** The last part of the name. */
    String name() {
        return segments.isEmpty() ? root : segments.get(segments.size() - 1);
    }

    /** The name of what is called {@code name} in this folder. */
    DatasetPath with(String name) {
        List<String> more = new ArrayList<>(segments);
        more.add(name);
        return new DatasetPath(root, more);
    }

    /** A name for sentences and logs, where it must not end a line or turn the direction of the rest. */
    static String shown(String name) {
        return INVISIBLE
                .matcher(name)
                .replaceAll(match -> match.group()
                        .codePoints()
                        .mapToObj(c -> String.format("\\\\u{%x}", c))
                        .collect(Collectors.joining()));
    }

    /** Whether each part could be sent; of the entries of a folder, the last need not be so. */
    boolean isNameable() {
        return segments.stream().allMatch(DatasetPath::isNameable);
    }

    /** This name with one more part. */
    String child(String name) {
        return this + "/" + name;
    }

    @Override
    public String toString() {
        return segments.isEmpty() ? root : root + "/" + String.join("/", segments);
    }
}
