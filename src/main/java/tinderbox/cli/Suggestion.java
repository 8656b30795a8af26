package tinderbox.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What somebody may have meant who mistyped a name. */
final class Suggestion {
    private static final int FEW = 2;
    private static final int LETTERS_A_MISTAKE = 4;

    private Suggestion() {}

    /** The name most like {@code typed}; empty if none is like it. */
    static Optional<String> of(String typed, Collection<String> names) {
        int most = Math.max(FEW, typed.length() / LETTERS_A_MISTAKE);
        return names.stream()
                .filter(name -> mistakes(typed, name) <= Math.min(most, name.length() - 1))
                .min(Comparator.comparingInt((String name) -> mistakes(typed, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Letters left out, put in, changed or swapped with their neighbour: the optimal string alignment distance. */
    private static int mistakes(String typed, String name) {
        int[][] least = new int[typed.length() + 1][name.length() + 1];
        for (int i = 0; i <= typed.length(); i++) {
            for (int j = 0; j <= name.length(); j++) {
                least[i][j] = i == 0 || j == 0 ? i + j : next(least, typed, name, i, j);
            }
        }
        return least[typed.length()][name.length()];
    }

    private static int next(int[][] least, String typed, String name, int i, int j) {
        int changed = typed.charAt(i - 1) == name.charAt(j - 1) ? 0 : 1;
        int best = Math.min(least[i - 1][j - 1] + changed, 1 + Math.min(least[i - 1][j], least[i][j - 1]));
        boolean swapped = i > 1
                && j > 1
                && typed.charAt(i - 1) == name.charAt(j - 2)
                && typed.charAt(i - 2) == name.charAt(j - 1);
        return swapped ? Math.min(best, 1 + least[i - 2][j - 2]) : best;
    }
}
