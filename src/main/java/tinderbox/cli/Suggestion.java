package tinderbox.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that a user who mistyped it may have meant. */
final class Suggestion {
    private static final int MIN_MISTAKES = 2;
    private static final int LETTERS_PER_MISTAKE = 4;

    private Suggestion() {}

    /** The name most similar to {@code typed}; empty if none is similar. */
    static Optional<String> of(String typed, Collection<String> names) {
        int maxMistakes = Math.max(MIN_MISTAKES, typed.length() / LETTERS_PER_MISTAKE);
        return names.stream()
                .filter(name -> mistakes(typed, name) <= Math.min(maxMistakes, name.length() - 1))
                .min(Comparator.comparingInt((String name) -> mistakes(typed, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Letters deleted, inserted, replaced or swapped with their neighbour: the optimal string alignment distance. */
    private static int mistakes(String typed, String name) {
        int[][] distance = new int[typed.length() + 1][name.length() + 1];
        for (int i = 0; i <= typed.length(); i++) {
            for (int j = 0; j <= name.length(); j++) {
                distance[i][j] = i == 0 || j == 0 ? i + j : next(distance, typed, name, i, j);
            }
        }
        return distance[typed.length()][name.length()];
    }

    private static int next(int[][] distance, String typed, String name, int i, int j) {
        int changed = typed.charAt(i - 1) == name.charAt(j - 1) ? 0 : 1;
        int best = Math.min(distance[i - 1][j - 1] + changed, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
        boolean swapped = i > 1
                && j > 1
                && typed.charAt(i - 1) == name.charAt(j - 2)
                && typed.charAt(i - 2) == name.charAt(j - 1);
        return swapped ? Math.min(best, 1 + distance[i - 2][j - 2]) : best;
    }
}
