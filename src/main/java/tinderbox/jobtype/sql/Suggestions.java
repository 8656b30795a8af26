package tinderbox.jobtype.sql;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds what somebody may have meant by a name. */
final class Suggestions {
    private static final int MAX = 3;

    /** Comparing takes the square of a name's length in memory. */
    private static final int MAX_LENGTH = 200;

    private Suggestions() {}

    /** “; did you mean a, b or c?” of the most similar names; empty if none is similar. */
    static String among(String name, Collection<String> known) {
        return question(similar(name, known));
    }

    /** The same, of names that contain this one, such as {@code Wildlife Species} for {@code species}. */
    static String containing(String name, Collection<String> known) {
        String wanted = name.toLowerCase(Locale.ROOT).replace("`", "");
        boolean isLong = wanted.length() > 2;
        return question(known.stream()
                .filter(each -> isLong && each.toLowerCase(Locale.ROOT).contains(wanted))
                .limit(MAX)
                .toList());
    }

    /** Names that begin with this one, at most three, the shortest first. */
    static List<String> beginning(String name, Collection<String> known) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(each ->
                        wanted.length() > 2 && each.toLowerCase(Locale.ROOT).startsWith(wanted))
                .sorted(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
                .limit(MAX)
                .toList();
    }

    private static String question(List<String> similar) {
        if (similar.isEmpty()) {
            return "";
        }
        String last = similar.get(similar.size() - 1);
        String others = similar.subList(0, similar.size() - 1).stream().collect(Collectors.joining(", "));
        return "; did you mean " + (others.isEmpty() ? last : others + " or " + last) + "?";
    }

    /** The most similar names, at most three, the best one first. */
    static List<String> similar(String name, Collection<String> known) {
        if (name.length() > MAX_LENGTH) {
            return List.of();
        }
        String wanted = name.toLowerCase(Locale.ROOT);
        int tolerance = wanted.length() < 3 ? 0 : Math.max(1, wanted.length() / 3);
        record Candidate(String name, int distance) {}
        return known.stream()
                .filter(each -> Math.abs(each.length() - wanted.length()) <= tolerance)
                .map(each -> new Candidate(each, distance(wanted, each.toLowerCase(Locale.ROOT))))
                .filter(candidate -> candidate.distance() <= tolerance)
                .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .limit(MAX)
                .map(Candidate::name)
                .toList();
    }

    /** How many characters must be inserted, deleted, replaced or swapped with their neighbour to make b of a. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                boolean isSwapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (isSwapped) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
