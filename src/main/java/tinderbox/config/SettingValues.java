package tinderbox.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tinderbox.common.FileErrors;

/** The text of every setting and its origin: flags override the environment, which overrides the properties file. */
final class SettingValues {
    private static final Pattern SECRET = Pattern.compile("(?i).*(secret|password|token|access\\.?key|credential).*");
    private static final String DEFAULT = "default";

    private final Map<Setting, Value> values = new EnumMap<>(Setting.class);
    private final List<String> problems = new ArrayList<>();

    /**
     * A setting as it was given.
     *
     * @param texts one, or any number if the setting is repeatable
     * @param origin for messages, such as {@code --port}
     */
    record Value(List<String> texts, String origin) {
        String text() {
            return texts.get(texts.size() - 1);
        }

        boolean isDefault() {
            return origin.equals(DEFAULT);
        }
    }

    /**
     * Reads the values.
     *
     * @param flags the values of the flags on the command line
     * @param file the properties file, or null
     */
    SettingValues(Map<Setting, List<String>> flags, Map<String, String> environment, Path file) {
        Properties properties = file == null ? new Properties() : read(file);
        for (Setting setting : Setting.values()) {
            values.put(setting, value(setting, flags, environment, properties, file));
        }
    }

    private static Value value(
            Setting setting,
            Map<Setting, List<String>> flags,
            Map<String, String> environment,
            Properties properties,
            Path file) {
        if (flags.containsKey(setting)) {
            return new Value(flags.get(setting), setting.flag());
        }
        if (environment.containsKey(setting.variable())) {
            return new Value(split(setting, environment.get(setting.variable())), setting.variable());
        }
        if (properties.containsKey(setting.key())) {
            return new Value(split(setting, properties.getProperty(setting.key())), setting.key() + " in " + file);
        }
        return new Value(setting.isRepeatable() ? List.of() : List.of(setting.defaultText()), DEFAULT);
    }

    private static List<String> split(Setting setting, String text) {
        if (!setting.isRepeatable()) {
            return List.of(text.strip());
        }
        return Arrays.stream(text.split(";"))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private Properties read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            problems.add("--config " + file + " cannot be read (" + FileErrors.describe(e)
                    + "); give the path of a properties file");
        } catch (IllegalArgumentException e) {
            problems.add("--config " + file + " is not a properties file (" + e.getMessage() + "); correct it");
        }
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            if (Setting.ofKey(key).isEmpty()) {
                problems.add("unknown key " + key + " in " + file + "; the keys are "
                        + String.join(
                                ", ",
                                Arrays.stream(Setting.values())
                                        .map(Setting::key)
                                        .toList()));
            }
        }
        return properties;
    }

    Value get(Setting setting) {
        return values.get(setting);
    }

    /** What is wrong with the properties file. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** Each setting with its value and origin, one per line. Secrets are hidden. */
    List<String> describe() {
        List<String> lines = new ArrayList<>();
        values.forEach((setting, value) -> {
            if (value.texts().isEmpty()) {
                lines.add(setting.key() + " =  (" + value.origin() + ")");
            }
            for (String text : value.texts()) {
                lines.add(setting.key() + " = " + display(setting, text) + "  (" + value.origin() + ")");
            }
        });
        return lines;
    }

    private static String display(Setting setting, String text) {
        if (setting == Setting.MAX_RUNNING && text.equals(setting.defaultText())) {
            return Integer.toString(Runtime.getRuntime().availableProcessors());
        }
        int equals = text.indexOf('=');
        return setting == Setting.SPARK_CONF
                        && equals > 0
                        && SECRET.matcher(text.substring(0, equals)).matches()
                ? text.substring(0, equals) + "=(hidden)"
                : text;
    }
}
