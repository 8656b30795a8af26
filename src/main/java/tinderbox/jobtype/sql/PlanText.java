package tinderbox.jobtype.sql;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.execution.ExplainMode;
import org.apache.spark.sql.execution.QueryExecution;

/** What EXPLAIN says about a query, in words for its users: datasets by their paths, and no packages of classes. */
final class PlanText {
    private static final int MAX_CHARS = 65_536;
    private static final Pattern ADDRESS = Pattern.compile("tb:/+([^\\s,;\\[\\](){}'\"]*)");
    private static final Pattern PACKAGE = Pattern.compile("\\b(?:[a-z][\\w]*\\.){2,}(?=[A-Z])");
    private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{4,8}\\b");

    private PlanText() {}

    /** The plan as Spark has it now: it may change while the query runs. */
    static String of(QueryExecution execution) {
        return forUsers(execution.explainString(ExplainMode.fromString("formatted")));
    }

    static String forUsers(String plan) {
        String known = ADDRESS.matcher(plan).replaceAll(match -> Matcher.quoteReplacement(decoded(match.group(1))));
        String text = IDENTITY.matcher(PACKAGE.matcher(known).replaceAll(""))
                .replaceAll("")
                .strip();
        return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "\n… (the rest is left out)";
    }

    private static String decoded(String address) {
        try {
            return URLDecoder.decode(address.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return address;
        }
    }
}
