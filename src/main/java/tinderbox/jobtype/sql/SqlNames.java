package tinderbox.jobtype.sql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tinderbox.common.LongRead;
import tinderbox.dataset.Compression;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.DatasetAddress;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.Datasets.FolderChild;
import tinderbox.job.JobException;
import tinderbox.jobtype.ResultRoot;

/**
 * Finds the datasets that tables are. A name of one part is the path of a dataset. One of several is a root, the folders in
 * it, and the name of a file or folder up to its first dot.
 */
final class SqlNames {
    /** How long the folders of one query are read for names, and then for suggestions. */
    private static final Duration MAX_READ = Duration.ofMillis(500);

    private static final int MAX_NAMED = 3;

    private final Datasets datasets;
    private final LongRead read = LongRead.within(MAX_READ);

    SqlNames(Datasets datasets) {
        this.datasets = datasets;
    }

    /** The path of the dataset that a table is. */
    String path(SqlTableName table) throws SqlTableProblem {
        List<String> parts = table.parts();
        boolean isResult = parts.size() == 2 && parts.get(0).equals(ResultRoot.NAME);
        String path = parts.size() == 1 || isResult ? Datasets.normalized(String.join("/", parts)) : pathOf(parts);
        if (datasets.isFolder(path).isPresent()) {
            return path;
        }
        if (ResultRoot.isResult(path)) {
            String problem = datasets.check(path, read).problem();
            if (problem == null) {
                // That job has just succeeded.
                return path;
            }
            throw new SqlTableProblem("names the table " + quoted(path) + ", which " + problem);
        }
        throw missing(parts, path);
    }

    private String pathOf(List<String> parts) throws SqlTableProblem {
        String folder = parts.get(0);
        int last = parts.size() - 1;
        for (String part : parts.subList(1, last)) {
            folder += "/" + part;
        }
        String wanted = parts.get(last);
        String in = folder + "/";
        List<String> fitting = datasets.children(folder, name -> fits(name, wanted), read).stream()
                .map(child -> in + child.name())
                .sorted()
                .toList();
        if (fitting.size() > 1) {
            throw new SqlTableProblem("names " + String.join(".", parts) + ", which may be " + alternatives(fitting)
                    + "; name one of them by its path");
        }
        if (fitting.isEmpty()) {
            throw missing(parts, in + wanted);
        }
        return fitting.get(0);
    }

    private static boolean fits(String name, String wanted) {
        return name.equals(wanted) || stem(name).equals(wanted);
    }

    /** A name up to its first dot. */
    private static String stem(String name) {
        int dot = name.indexOf('.', 1);
        return dot < 0 ? name : name.substring(0, dot);
    }

    private static String alternatives(List<String> paths) {
        List<String> quoted =
                paths.stream().limit(MAX_NAMED).map(SqlNames::quoted).toList();
        if (paths.size() == 1) {
            return quoted.get(0);
        }
        if (paths.size() > MAX_NAMED) {
            return String.join(", ", quoted) + " or one of " + (paths.size() - MAX_NAMED) + " others";
        }
        return String.join(", ", quoted.subList(0, quoted.size() - 1)) + " or " + quoted.get(quoted.size() - 1);
    }

    /** What the files of a table are, as far as that is known when the query is submitted. */
    SqlFormat format(SqlTableName table, String path) throws SqlTableProblem {
        if (table.reader() != null || !datasets.isFolder(path).orElse(false)) {
            return format(table, path, List.of(path));
        }
        List<String> files = datasets.children(path, any -> true, read).stream()
                .filter(child -> !child.isFolder())
                .map(FolderChild::name)
                .sorted()
                .toList();
        return format(table, path, files);
    }

    /** What the files of a table are. */
    static SqlFormat format(SqlTableName table, Dataset dataset) throws SqlTableProblem {
        return format(
                table,
                dataset.path(),
                dataset.files().stream().map(Dataset.File::path).toList());
    }

    private static SqlFormat format(SqlTableName table, String path, List<String> files) throws SqlTableProblem {
        if (table.reader() != null) {
            return SqlFormat.ofReader(table.reader());
        }
        String first = files.isEmpty() ? path : files.get(0);
        SqlFormat format = SqlFormat.of(first);
        for (String file : files) {
            SqlFormat other = SqlFormat.of(file);
            if (other != format) {
                throw new SqlTableProblem("reads the folder " + quoted(path) + ", whose files differ: " + base(first)
                        + " is " + format.title() + ", and " + base(file) + " is " + other.title()
                        + "; name one of its files, or move the others");
            }
            if (!format.isText() && Compression.of(file).isCompressed()) {
                throw new SqlTableProblem("reads " + base(file) + ", which is " + format.title()
                        + " that was compressed once more; decompress it");
            }
        }
        return format;
    }

    private static String base(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** A path as a query names it. */
    static String quoted(String path) {
        return "`" + path.replace("`", "``") + "`";
    }

    private SqlTableProblem missing(List<String> parts, String path) {
        List<String> like = Stream.concat(writtenOtherwise(parts), like(path).stream())
                .distinct()
                .limit(MAX_NAMED)
                .toList();
        return new SqlTableProblem("names the table "
                + (parts.size() == 1 ? quoted(path) : String.join(".", parts))
                + ", but there is no such dataset, or it cannot be read"
                + (like.isEmpty()
                        ? "; tables are datasets, such as `samples/air/airports.csv` or samples.air.airports"
                        : "; did you mean " + alternatives(like) + "?"));
    }

    /** Datasets that a path with backslashes, or with dots and the ending of a file, can only mean. */
    private Stream<String> writtenOtherwise(List<String> parts) {
        int last = parts.size() - 1;
        String path = parts.size() == 1
                ? parts.get(0).replace('\\', '/')
                : String.join("/", parts.subList(0, last)) + "." + parts.get(last);
        return Stream.of(path)
                .map(Datasets::normalized)
                .filter(each -> datasets.isFolder(each).isPresent());
    }

    /** Paths that somebody may have meant, the most similar first. */
    private List<String> like(String path) {
        try {
            int slash = path.lastIndexOf('/');
            return slash < 0 ? anywhere(path) : beside(path.substring(0, slash), path.substring(slash + 1));
        } catch (JobException e) {
            // A root does not answer, or a folder has too many entries.
            return List.of();
        }
    }

    private List<String> beside(String folder, String name) {
        if (datasets.isFolder(folder).isPresent()) {
            return similar(name, folder);
        }
        return like(folder).stream()
                .flatMap(similar -> similar(name, similar).stream())
                .toList();
    }

    /** Roots, and what is in them or in one of their folders. */
    private List<String> anywhere(String name) {
        List<String> found = new ArrayList<>(Suggestions.similar(name, datasets.roots()));
        for (String root : datasets.roots()) {
            found.addAll(similar(name, root));
            for (FolderChild child : datasets.children(root, any -> true, read)) {
                if (child.isFolder() && found.size() < MAX_NAMED) {
                    found.addAll(similar(name, root + "/" + child.name()));
                }
            }
        }
        return found;
    }

    /** The paths of those in a folder whose name, or its beginning up to the first dot, is similar. */
    private List<String> similar(String name, String folder) {
        Map<String, String> names = new LinkedHashMap<>();
        for (FolderChild child : datasets.children(folder, DatasetAddress::isNameable, read)) {
            names.put(child.name(), child.name());
            names.putIfAbsent(stem(child.name()), child.name());
        }
        return Stream.concat(
                        Suggestions.similar(name, names.keySet()).stream(),
                        Suggestions.beginning(name, names.keySet()).stream())
                .map(similar -> folder + "/" + names.get(similar))
                .distinct()
                .toList();
    }
}
