package tinderbox.dataset;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an uploaded file or folder is in the root of uploads: the names of the folders that lead to it, then its own.
 *
 * @param names one or more
 */
record UploadPath(List<String> names) {
    private static final int MAX_NAMES = 8;
    private static final int MAX_NAME_BYTES = 200;
    /** Of the whole path, whose owner is in a file that has the path as its name; file systems allow 255. */
    private static final int MAX_BYTES = 240;

    /**
     * Invisible characters, with which one name can look like another: controls, line separators, direction marks. The
     * two joiners are allowed, because some languages and emoji need them.
     */
    private static final Pattern MISLEADING =
            Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}&&[^\\u200C\\u200D]]");

    /** What a path must be, as the end of a sentence. */
    static final String RULE = "must be 1 to " + MAX_NAME_BYTES + " bytes of UTF-8 without , : * ? [ ] { } \\, control"
            + " characters, direction marks or other invisible characters, and must not begin with _ or a dot; up to "
            + (MAX_NAMES - 1) + " folders can be before it, with slashes between them, and " + MAX_BYTES
            + " bytes in all";

    /** Parses a path without the name of the root; empty if nothing that was uploaded can be there. */
    static Optional<UploadPath> parse(String text) {
        List<String> names = List.of(text.split("/", -1));
        return names.size() <= MAX_NAMES
                        && bytes(text) <= MAX_BYTES
                        && names.stream().allMatch(UploadPath::isName)
                ? Optional.of(new UploadPath(names))
                : Optional.empty();
    }

    private static boolean isName(String name) {
        return DatasetPath.isNameable(name) && !MISLEADING.matcher(name).find() && bytes(name) <= MAX_NAME_BYTES;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Its last name. */
    String name() {
        return names.get(names.size() - 1);
    }

    /** The folders that lead to it, from the outermost. */
    List<UploadPath> folders() {
        List<UploadPath> folders = new ArrayList<>();
        for (int i = 1; i < names.size(); i++) {
            folders.add(new UploadPath(names.subList(0, i)));
        }
        return folders;
    }

    /** Whether it is this folder or in it. */
    boolean isIn(UploadPath folder) {
        return names.size() >= folder.names.size()
                && names.subList(0, folder.names.size()).equals(folder.names);
    }

    /**
     * Where it is in a folder.
     *
     * @throws java.nio.file.InvalidPathException if it cannot be written in the encoding of file names
     */
    Path in(Path folder) {
        return folder.resolve(toString());
    }

    /** The path as a dataset. */
    String dataset() {
        return Uploads.ROOT + "/" + this;
    }

    @Override
    public String toString() {
        return String.join("/", names);
    }
}
