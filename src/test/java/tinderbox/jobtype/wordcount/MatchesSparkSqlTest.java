package tinderbox.jobtype.wordcount;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.split;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.dataset.DecompressionGuard;
import tinderbox.dataset.InputLimits;
import tinderbox.support.ApiClient;
import tinderbox.support.TestDatasets;
import tinderbox.support.TestServer;

/** On all kinds of generated text, the word count has the same result as a query in Spark SQL. */
class MatchesSparkSqlTest {
    @TempDir
    Path files;

    private static SparkSession spark;

    @BeforeAll
    static void startSpark() {
        new ApiClient(TestServer.shared()).run("word-count", Map.of());
        spark = SparkSession.active().newSession();
        // One partition per core instead of 200: the texts are small.
        spark.conf().set("spark.sql.shuffle.partitions", 2);
    }

    private Map<String, Long> sparkSql(boolean caseSensitive, boolean strip, int minLength) {
        Column line = caseSensitive ? col("value") : lower(col("value"));
        Dataset<Row> words = spark.read()
                .option("fs.tb.roots", "files " + files.toUri())
                .text("tb:///files")
                .select(explode(split(line, "\\s+")).as("word"));
        if (strip) {
            words = words.select(regexp_replace(col("word"), "\\A[\\p{P}\\p{S}]+|[\\p{P}\\p{S}]+\\z", "")
                    .as("word"));
        }
        Map<String, Long> counts = new HashMap<>();
        for (Row row : words.where(length(col("word")).geq(minLength))
                .groupBy("word")
                .count()
                .collectAsList()) {
            counts.put(row.getString(0), row.getLong(1));
        }
        return counts;
    }

    /** Counts with splits so small that words cross their borders. */
    private Map<String, Long> wordCount(TokenNormalizer normalizer, long splitBytes) throws IOException {
        WordTable table = new WordTable();
        DecompressionGuard decompressionGuard = new DecompressionGuard(new InputLimits(Long.MAX_VALUE, 1), 0);
        for (Path file : list()) {
            long size = Files.size(file);
            for (long from = 0; from < size; from += splitBytes) {
                WordTable part = new WordTable();
                InputSplit inputSplit = splitOf(file, from, Math.min(size, from + splitBytes));
                long[] read = {0};
                try (WordSource source = new WordSource(
                        List.of(inputSplit),
                        decompressionGuard,
                        new Tokenizer(part, !normalizer.caseSensitive()),
                        bytes -> read[0] += bytes,
                        (split, lookalike) -> {})) {
                    boolean more = true;
                    while (more) {
                        more = source.countNext();
                    }
                }
                assertEquals(inputSplit.end() - inputSplit.start(), read[0], "bytes reported as read");
                normalizer.apply(part);
                EncodedCounts.addAll(EncodedCounts.of(part, part.entries()), table);
            }
        }
        Map<String, Long> counts = new HashMap<>();
        for (int entry : table.entries()) {
            byte[] word = new byte[table.lengthAt(entry) + WordTable.PADDING];
            int length = table.copy(entry, word, 0);
            counts.put(new String(word, 0, length, StandardCharsets.UTF_8), table.countAt(entry));
        }
        return counts;
    }

    /** A concordance of the word, a line for each occurrence, with splits as small as that. */
    private List<String> concordance(TokenNormalizer normalizer, String word, long splitBytes) throws IOException {
        SearchedWord searched = new SearchedWord(normalizer, word);
        DecompressionGuard decompressionGuard = new DecompressionGuard(new InputLimits(Long.MAX_VALUE, 1), 0);
        List<String> lines = new ArrayList<>();
        for (Path file : list()) {
            long size = Files.size(file);
            long lineFeeds = 0;
            for (long from = 0; from < size; from += splitBytes) {
                long[] read = {0};
                InputSplit inputSplit = splitOf(file, from, Math.min(size, from + splitBytes));
                SplitSearch.Found found = new SplitSearch(inputSplit, searched, 5, () -> {}, bytes -> read[0] += bytes)
                        .all(decompressionGuard, Integer.MAX_VALUE, (each, lookalike) -> {});
                assertEquals(found.occurrences(), found.rows().size());
                for (SplitSearch.Occurrence each : found.rows()) {
                    lines.add(file.getFileName() + ":" + (lineFeeds + each.lineFeeds() + 1) + ": " + each.left() + "|"
                            + each.word() + "|" + each.right());
                }
                lineFeeds += found.lineFeeds();
                assertTrue(read[0] <= inputSplit.end() - inputSplit.start(), "bytes reported as read");
            }
        }
        return lines;
    }

    private InputSplit splitOf(Path file, long from, long to) throws IOException {
        return new InputSplit(
                new tinderbox.dataset.Dataset.File(
                        "test/" + file.getFileName(),
                        files.toUri(),
                        file.toUri(),
                        Files.size(file),
                        java.time.Instant.EPOCH,
                        "",
                        TestDatasets.OPENER),
                from,
                to);
    }

    private List<Path> list() throws IOException {
        try (var children = Files.list(files)) {
            return children.sorted().toList();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, false, false, 1",
        "2, false, true, 1",
        "3, true, false, 1",
        "4, true, true, 2",
        "5, false, true, 3",
        "6, false, false, 2"
    })
    void theSameWordsAsOften(long seed, boolean caseSensitive, boolean strip, int minLength) throws IOException {
        Random random = new Random(seed);
        for (int file = 0; file < 6; file++) {
            Files.write(files.resolve("f" + file + ".txt"), text(random, file));
        }
        Map<String, Long> expected = sparkSql(caseSensitive, strip, minLength);
        TokenNormalizer normalizer = new TokenNormalizer(caseSensitive, strip, minLength);
        for (long splitBytes : new long[] {4, 5, 7, 64, 1000, 1 << 20}) {
            assertSame(expected, wordCount(normalizer, splitBytes));
        }
        for (String word : frequent(expected)) {
            List<String> lines = concordance(normalizer, word, 1 << 20);
            assertEquals(expected.get(word), lines.size(), word);
            for (long splitBytes : new long[] {4, 64}) {
                assertEquals(lines, concordance(normalizer, word, splitBytes), () -> word + " by " + splitBytes);
            }
        }
    }

    /** Some words that occur often, and some of those that do not. */
    private static List<String> frequent(Map<String, Long> counts) {
        List<String> words = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .filter(word -> !word.isEmpty())
                .toList();
        return Stream.concat(words.stream().limit(2), words.stream().skip(words.size() - 1))
                .toList();
    }

    /** Reports only the differences. */
    private static void assertSame(Map<String, Long> expected, Map<String, Long> actual) {
        Map<String, Long> missing = new HashMap<>(expected);
        missing.entrySet().removeAll(actual.entrySet());
        Map<String, Long> more = new HashMap<>(actual);
        more.entrySet().removeAll(expected.entrySet());
        assertEquals(missing, more);
    }

    private static final String[] SPACES = {" ", "\t", "\n", "\u000B", "\f", "\r", "\r\n", "  ", " \n\n\t"};
    /** Letters whose lower case has another length, depends on neighbours or does not exist; marks; non-ASCII blanks. */
    private static final String[] UNUSUAL = {
        "Σ", "ΑΣ", "ΣΑ", "'Σ.", "İ", "I", "ı", "ẞ", "ß", "Ǆ", "ǅ", "é", "E\u0301", "Ⅷ", "ﬁ", "\u00A0", "\u0085",
        "\u2028", "\uFEFF", "\u200D", "😀", "𐐀", "漢字", "ÀÉ", "Ω", "K", "Å", "\u0000", "\u001C", "\u007F", "—", "“",
        "€", "ª", "Ǳ"
    };

    private static byte[] text(Random random, int file) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int words = file == 0 ? 0 : 1 + random.nextInt(500);
        if (file == 5) {
            text.writeBytes("\uFEFF".getBytes(StandardCharsets.UTF_8));
        }
        for (int i = 0; i < words; i++) {
            int pieces = random.nextInt(20) == 0 ? random.nextInt(60) : random.nextInt(4);
            for (int piece = 0; piece < pieces; piece++) {
                text.writeBytes(piece(random));
            }
            if (i < words - 1 || random.nextBoolean()) {
                text.writeBytes(pick(random, SPACES).getBytes(StandardCharsets.UTF_8));
            }
        }
        return text.toByteArray();
    }

    private static byte[] piece(Random random) {
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> letters(random).getBytes(StandardCharsets.UTF_8);
            case 3 -> Character.toString(33 + random.nextInt(94)).getBytes(StandardCharsets.UTF_8);
            case 4, 5 -> pick(random, UNUSUAL).getBytes(StandardCharsets.UTF_8);
            case 6 -> Character.toString(anyCodePoint(random)).getBytes(StandardCharsets.UTF_8);
            case 7 ->
                random.nextInt(4) == 0 ? anyBytes(random) : letters(random).getBytes(StandardCharsets.UTF_8);
            default -> "The".getBytes(StandardCharsets.UTF_8);
        };
    }

    private static String letters(Random random) {
        StringBuilder letters = new StringBuilder();
        for (int i = random.nextInt(9); i >= 0; i--) {
            letters.append((char) ((random.nextInt(4) == 0 ? 'A' : 'a') + random.nextInt(3)));
        }
        return letters.toString();
    }

    private static int anyCodePoint(Random random) {
        int codePoint = random.nextInt(Character.MAX_CODE_POINT + 1);
        return isSurrogate(codePoint) ? 'x' : codePoint;
    }

    private static byte[] anyBytes(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(5)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String pick(Random random, String[] from) {
        return from[random.nextInt(from.length)];
    }

    @Test
    void everyCodePointWithCaseOrPunctuation() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (!isSurrogate(codePoint) && (!isPlain(codePoint) || codePoint % 97 == 0)) {
                text.append('A').appendCodePoint(codePoint).append("B ").appendCodePoint(codePoint);
                text.append(codePoint % 8 == 0 ? '\n' : ' ');
            }
        }
        Files.writeString(files.resolve("all.txt"), text);
        // Between the letters its case is compared, alone whether it is stripped.
        assertSame(sparkSql(false, true, 1), wordCount(new TokenNormalizer(false, true, 1), 100_000));
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /** Ideographs, Hangul and higher planes have neither case nor punctuation, so a sample is enough. */
    private static boolean isPlain(int codePoint) {
        return codePoint >= 0x20000
                || Character.isIdeographic(codePoint)
                || Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.HANGUL
                || Character.getType(codePoint) == Character.PRIVATE_USE;
    }

    /** The query depends on the locale, so it runs before the locale is set. */
    @ParameterizedTest
    @ValueSource(strings = {"tr", "az", "lt"})
    void theSameWordsWhateverTheLocale(String language) throws IOException {
        Files.writeString(files.resolve("locale.txt"), "İZMİR IĞDIR ığdır Ì ÉI I\u0301É J\u0300É Į\u0303");
        Map<String, Long> expected = sparkSql(false, false, 1);
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(language));
        try {
            assertSame(expected, wordCount(new TokenNormalizer(false, false, 1), 1000));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void wordsOfThreeMegabytes() throws IOException {
        String word = "LongWord—".repeat(1 << 18);
        Files.writeString(files.resolve("long.txt"), "a " + word + "\n" + word + " b\n" + word + "c");
        assertSame(sparkSql(false, false, 1), wordCount(new TokenNormalizer(false, false, 1), 1 << 20));
    }
}
