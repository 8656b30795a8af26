package tinderbox.bench;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Texts that are the same in every run: words as frequent as in the samples, or all distinct. */
final class GeneratedTexts {
    private static final int LINE = 70;
    private static final long SEED = 20_260_105;

    /** The length of a word of {@link #distinct} and the space after it. */
    private static final int DISTINCT_BYTES = 8;

    private final byte[][] tokens;

    GeneratedTexts(Path samples) throws IOException {
        try (Stream<Path> files = Files.walk(samples)) {
            this.tokens = files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .flatMap(GeneratedTexts::tokens)
                    .toArray(byte[][]::new);
        }
    }

    private static Stream<byte[]> tokens(Path file) {
        try {
            return Stream.of(Files.readString(file).split("\\s+"))
                    .filter(word -> !word.isEmpty() && word.chars().noneMatch(GeneratedTexts::isDoubtful))
                    .map(word -> word.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Whether rivals may treat a character differently: some convert only ASCII to lower case, and Spark's CSV writer
     * trims control characters.
     */
    private static boolean isDoubtful(int c) {
        return Character.isISOControl(c) || (c >= 0x80 && Character.isLetter(c));
    }

    /** English in lines of about 70 characters. */
    void english(Path file, long bytes) throws IOException {
        try (OutputStream out = open(file)) {
            english(out, bytes, new SplittableRandom(SEED), true);
        }
    }

    /** English in one line. */
    void oneLine(Path file, long bytes) throws IOException {
        try (OutputStream out = open(file)) {
            english(out, bytes, new SplittableRandom(SEED), false);
        }
    }

    /** Many small files of English. */
    void manyFiles(Path folder, int files, int bytes) throws IOException {
        Files.createDirectory(folder);
        SplittableRandom random = new SplittableRandom(SEED);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = 0; i < files; i++) {
            text.reset();
            english(text, bytes, random, true);
            Files.write(folder.resolve(String.format("%05d.txt", i)), text.toByteArray());
        }
    }

    private void english(OutputStream out, long bytes, SplittableRandom random, boolean inLines) throws IOException {
        long left = bytes;
        int column = 0;
        while (true) {
            byte[] token = tokens[random.nextInt(tokens.length)];
            left -= token.length + 1;
            if (left < 0) {
                return;
            }
            out.write(token);
            column += token.length + 1;
            boolean ends = inLines && column >= LINE;
            out.write(ends ? '\n' : ' ');
            column = ends ? 0 : column;
        }
    }

    /** Distinct words of seven letters, in no order. */
    static void distinct(Path file, long bytes) throws IOException {
        byte[] word = new byte[DISTINCT_BYTES];
        try (OutputStream out = open(file)) {
            for (long i = 0; i < bytes / DISTINCT_BYTES; i++) {
                // The factor is odd, so every 32-bit number occurs once. 26^7 is more than 2^32.
                long number = (i * 0x9E37_79B1L) & 0xFFFF_FFFFL;
                for (int at = 0; at < DISTINCT_BYTES - 1; at++) {
                    word[at] = (byte) ('a' + number % 26);
                    number /= 26;
                }
                word[DISTINCT_BYTES - 1] = (byte) (i % 9 == 8 ? '\n' : ' ');
                out.write(word);
            }
        }
    }

    private static OutputStream open(Path file) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
    }
}
