package tinderbox.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.config.ConfigLoader;
import tinderbox.config.Setting;

/** The settings as options of the command line. */
final class SettingOptions {
    /** The option that names a properties file with settings. */
    static final String CONFIG = "--config";

    private SettingOptions() {}

    /** The option for a setting. */
    static OptionSpec setting(Setting setting) {
        OptionSpec.Builder option = OptionSpec.builder(setting.flag()).description(description(setting));
        return setting.isSwitch()
                ? option.type(boolean.class).arity("0").build()
                : option.type(setting.isRepeatable() ? List.class : String.class)
                        .auxiliaryTypes(String.class)
                        .paramLabel(setting.label())
                        .arity("1")
                        .build();
    }

    private static String description(Setting setting) {
        String text = setting.defaultText().isEmpty() || setting.isSwitch()
                ? setting.description()
                : setting.description() + " Default: " + setting.defaultText() + ".";
        // A percent sign starts a format specifier of picocli.
        return text.replace("%", "%%");
    }

    /** Loads the configuration from the options, the environment and the properties file. */
    static ConfigLoader loader(ParseResult parsed) {
        return new ConfigLoader(
                flags(parsed),
                System.getenv(),
                parsed.matchedOptionValue(CONFIG, null),
                ConfigLoader.home(System.getenv()));
    }

    private static Map<Setting, List<String>> flags(ParseResult parsed) {
        Map<Setting, List<String>> flags = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            if (parsed.hasMatchedOption(setting.flag())) {
                List<String> values =
                        new ArrayList<>(parsed.matchedOption(setting.flag()).stringValues());
                flags.put(setting, setting.isSwitch() ? List.of("true") : values);
            }
        }
        return flags;
    }
}
