package tinderbox.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tinderbox.client.ClientException;
import tinderbox.client.ClientException.Reason;
import tinderbox.client.EditedText;
import tinderbox.client.JobType;
import tinderbox.client.Terminal;
import tinderbox.common.FileErrors;
import tinderbox.dataset.DatasetAddress;
import tinderbox.jobtype.sql.Sql;
import tinderbox.jobtype.sql.SqlTableFiles;

/** Files of this machine as the inputs of a job: their folders become roots of its server. */
final class LocalInputs {
    /** Roots that every server has; only the samples have something in a new one. */
    private static final List<String> TAKEN = List.of("samples", "uploads", "results");

    private static final String SAMPLES = "samples";
    private static final String QUERY = "query";

    /** A table's name as a query writes it: in backquotes, as a text, or plain. */
    private static final Pattern NAME =
            Pattern.compile("`(?:[^`]|``)*`|'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|[\\w.]+", Pattern.DOTALL);

    private final Map<Path, String> roots = new LinkedHashMap<>();

    /** The folders that the files are in, by the names of their roots. */
    Map<Path, String> roots() {
        return roots;
    }

    /** Replaces the paths in the parameters of a job; returns those of its texts that may have places. */
    Map<String, EditedText> replaceIn(JobType type, Map<String, Object> params) throws ClientException {
        Map<String, EditedText> texts = new LinkedHashMap<>();
        for (JobType.Param param : type.params()) {
            Object value = params.get(param.name());
            if (value == null) {
                continue;
            }
            switch (param.kind()) {
                case "dataset" -> params.put(param.name(), dataset(value.toString()));
                case "datasets" -> {
                    List<String> datasets = new ArrayList<>();
                    for (Object path : (List<?>) value) {
                        datasets.add(dataset(path.toString()));
                    }
                    params.put(param.name(), datasets);
                }
                case "text" -> {
                    EditedText text = new EditedText(value.toString());
                    if (type.name().equals(Sql.NAME) && param.name().equals(QUERY)) {
                        replaceTables(text, params);
                    }
                    texts.put(param.name(), text);
                    params.put(param.name(), text.text());
                }
                default -> {
                    // It names no file.
                }
            }
        }
        return texts;
    }

    /** As {@link #replaceIn}, in the values of parameters that vary. */
    void replaceInEach(JobType type, Map<String, Object> params, Map<String, List<Object>> forEach)
            throws ClientException {
        for (Map.Entry<String, List<Object>> each : forEach.entrySet()) {
            List<Object> replaced = new ArrayList<>();
            for (Object value : each.getValue()) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("args", params.getOrDefault("args", Map.of()));
                one.put(each.getKey(), value);
                replaceIn(type, one);
                replaced.add(one.get(each.getKey()));
            }
            each.setValue(replaced);
        }
    }

    private void replaceTables(EditedText query, Map<String, Object> params) throws ClientException {
        @SuppressWarnings("unchecked")
        Map<String, Object> args = (Map<String, Object>) params.getOrDefault("args", Map.of());
        for (SqlTableFiles.Named table : SqlTableFiles.of(query.text(), args)) {
            Path file = existing(table.path());
            Matcher name = NAME.matcher(
                    query.from(table.position().line(), table.position().column()));
            if (file != null && name.lookingAt()) {
                String path = named(table.path(), file);
                query.replace(
                        table.position().line(),
                        table.position().column(),
                        name.end(),
                        table.isText()
                                ? "'" + path.replace("\\", "\\\\").replace("'", "\\'") + "'"
                                : "`" + path.replace("`", "``") + "`");
            }
        }
    }

    /** The dataset that a path names: a file or folder of this machine, or a sample. */
    private String dataset(String path) throws ClientException {
        Path file = existing(path);
        if (file != null) {
            return named(path, file);
        }
        if (path.equals(SAMPLES) || path.startsWith(SAMPLES + "/")) {
            return path;
        }
        throw new ClientException(
                Reason.WRONG,
                "there is no file or folder " + Terminal.safe(path) + " here ("
                        + Path.of("").toAbsolutePath() + "); correct the path");
    }

    /** The file or folder, or null if there is none. */
    private static Path existing(String path) {
        try {
            Path file = Path.of(path);
            return Files.exists(file) ? file : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private String named(String path, Path file) throws ClientException {
        Path real;
        try {
            real = file.toRealPath();
        } catch (IOException e) {
            throw new ClientException(
                    Reason.WRONG, Terminal.safe(path) + " cannot be read: " + FileErrors.describe(e), e);
        }
        if (Files.isDirectory(real)) {
            return root(real);
        }
        String name = real.getFileName().toString();
        if (!Files.isRegularFile(real)) {
            throw new ClientException(
                    Reason.WRONG,
                    Terminal.safe(path) + " is neither a file nor a folder, and a job reads its input more than once;"
                            + " write it to a file first");
        }
        if (!DatasetAddress.isNameable(name)) {
            throw new ClientException(
                    Reason.WRONG,
                    Terminal.safe(path) + " cannot be an input, because its name begins with . or _, or has one of"
                            + " , : * ? [ ] { } \\; rename it");
        }
        return root(real.getParent()) + "/" + name;
    }

    /** The name of the root for a folder: that of the folder, as far as roots may have it. */
    private String root(Path folder) {
        return roots.computeIfAbsent(folder, any -> {
            Path last = folder.getFileName();
            String name = (last == null ? "" : last.toString())
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9]+", "-")
                    .replaceAll("^-+|-+$", "");
            String stem = name.isEmpty() ? "files" : name.substring(0, Math.min(50, name.length()));
            String free = stem;
            for (int i = 2; TAKEN.contains(free) || roots.containsValue(free); i++) {
                free = stem + "-" + i;
            }
            return free;
        });
    }
}
