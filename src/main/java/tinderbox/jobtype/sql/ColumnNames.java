package tinderbox.jobtype.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The names of a query's columns as names of a result's columns. */
final class ColumnNames {
    /** Names that Spark makes from expressions can be as long as the query. */
    private static final int MAX_LENGTH = 255;

    private ColumnNames() {}

    /**
     * Different names: the first column of a name keeps it, the others get a number, as in {@code name_2}. Names that are too
     * long are cut.
     */
    static List<String> different(List<String> names) {
        Set<String> taken = new HashSet<>(names);
        Set<String> used = new HashSet<>();
        List<String> different = new ArrayList<>(names.size());
        for (String name : names) {
            String shortened = shortened(name, MAX_LENGTH);
            String free = shortened;
            for (int number = 2; !used.add(free); number++) {
                free = shortened + "_" + number;
                if (taken.contains(free)) {
                    free = shortened;
                }
            }
            different.add(free);
        }
        return different;
    }

    /** The beginning of a name that has more code points. */
    static String shortened(String name, int max) {
        return name.codePointCount(0, name.length()) <= max
                ? name
                : name.substring(0, name.offsetByCodePoints(0, max - 1)) + "…";
    }
}
