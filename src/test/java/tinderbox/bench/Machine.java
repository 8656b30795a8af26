package tinderbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** Describes the machine that runs a benchmark. */
final class Machine {
    private Machine() {}

    /** One line: cores, processor, memory, JDK. */
    static String describe() throws IOException {
        return String.format(
                Locale.ROOT,
                "%d cores of %s, %.1f GB of memory, %s, JDK %s",
                Runtime.getRuntime().availableProcessors(),
                value("/proc/cpuinfo", "model name", "an unknown processor"),
                kilobytes("/proc/meminfo", "MemTotal") / 1e6,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.version"));
    }

    /** The peak memory of a process since {@link #resetPeak}, in KiB. */
    static long peakKilobytes(long pid) throws IOException {
        return kilobytes("/proc/" + pid + "/status", "VmHWM");
    }

    static void resetPeak(long pid) throws IOException {
        Files.writeString(Path.of("/proc/" + pid + "/clear_refs"), "5");
    }

    private static long kilobytes(String file, String key) throws IOException {
        return Long.parseLong(value(file, key, "0 kB").split(" ", 2)[0]);
    }

    private static String value(String file, String key, String absent) throws IOException {
        if (!Files.isReadable(Path.of(file))) {
            return absent;
        }
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(absent);
        }
    }
}
