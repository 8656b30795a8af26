package tinderbox.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A dataset's path, {@code root/path}, whose words have been checked. That is the first of three checks: {@link Datasets}
 * then resolves its links, and {@link NoFollowOpener} refuses links that have appeared since.
 *
 * @param root the root's name
 * @param segments the path below it; empty for the root itself
 */
record DatasetPath(String root, List<String> segments) {
    /** Control characters, and those that Hadoop or Spark would interpret as a list, pattern, scheme or escape. */
    private static final Pattern FORBIDDEN = Pattern.compile("[,*?\\[\\]{}\\\\:\\p{Cntrl}]");

    /** The {@link DatasetEntry#problem} of a file with a forbidden character in its name. */
    static final String UNNAMEABLE_FILE = "cannot be named as an input because its name has a control character or one"
            + " of , : * ? [ ] { } \\; it is read with its folder";

    static final String UNNAMEABLE_FOLDER = "cannot be named as an input because its name has a control character or"
            + " one of , : * ? [ ] { } \\; rename it to have it read";

    /** Characters that are not visible in a text: controls, direction marks, line separators, lone surrogates. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    static final String SHAPE = "must be a dataset's name such as samples/moby-dick.txt: a root, then the path in it,"
            + " without .., hidden names, names that begin with _, or any of , : * ? [ ] { } \\";

    /** Parses a path; empty if it is malformed. One trailing slash is ignored. */
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

    /** Whether a file of this name can be a dataset: not hidden, and without Hadoop's {@code _} for its own files. */
    static boolean isVisible(String name) {
        return !name.isEmpty() && name.charAt(0) != '.' && name.charAt(0) != '_';
    }

    /** Whether a file of this name can be named in a dataset's path. */
    static boolean isNameable(String name) {
        return isVisible(name) && !FORBIDDEN.matcher(name).find();
    }

    /** The last part of the name. */
    String name() {
        return segments.isEmpty() ? root : segments.get(segments.size() - 1);
    }

    /** The path of the entry {@code name} of this folder. */
    DatasetPath with(String name) {
        List<String> more = new ArrayList<>(segments);
        more.add(name);
        return new DatasetPath(root, more);
    }

    /** A name for sentences and logs, with escapes for characters that would break the line or reverse the text. */
    static String shown(String name) {
        return INVISIBLE
                .matcher(name)
                .replaceAll(match -> match.group()
                        .codePoints()
                        .mapToObj(c -> String.format("\\\\u{%x}", c))
                        .collect(Collectors.joining()));
    }

    /** Whether every segment can be named in a path. The last segment of a listed entry may not be. */
    boolean isNameable() {
        return segments.stream().allMatch(DatasetPath::isNameable);
    }

    /** The path of {@code name} in this folder, as text. */
    String child(String name) {
        return this + "/" + name;
    }

    @Override
    public String toString() {
        return segments.isEmpty() ? root : root + "/" + String.join("/", segments);
    }
}
