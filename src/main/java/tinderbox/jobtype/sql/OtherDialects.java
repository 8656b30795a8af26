package tinderbox.jobtype.sql;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;

/** What to write instead of functions and types that other databases have. */
final class OtherDialects {
    static final Map<String, String> FUNCTIONS = SqlLists.namesWithReasons("functions-elsewhere.txt");
    static final Map<String, String> TYPES = SqlLists.namesWithReasons("types-elsewhere.txt");

    private OtherDialects() {}

    /** “; write … instead” of a function that Spark has not; otherwise what {@link Suggestions} says of the known ones. */
    static String function(String name, Collection<String> known) {
        String instead = FUNCTIONS.get(name.toLowerCase(Locale.ROOT));
        return instead == null ? Suggestions.among(name, known) : "; write " + instead;
    }

    /** What is wrong with a query that names this type, which Spark has not, or not without a length. */
    static String problem(String name) {
        String bare = name.replaceAll("[\"`]|\\(.*", "");
        String instead = TYPES.get(bare.toLowerCase(Locale.ROOT));
        return "uses the type " + bare + ", which does not exist"
                + (instead == null
                        ? "; types are STRING, INT, BIGINT, DOUBLE, DECIMAL(10, 2), BOOLEAN, DATE, TIMESTAMP and others"
                        : "; write " + instead);
    }
}
