package tinderbox.jobtype.sql;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.parser.ParseException;
import tinderbox.job.JobException;
import tinderbox.job.TextPosition;

/** Explains syntax errors, above all those that come from what other databases and tools accept. */
final class SyntaxErrors {
    /** How much of the text on each side of an error is looked at. */
    private static final int WINDOW = 300;

    /**
     * What people write.
     *
     * @param before what stands directly before the error
     * @param at what stands from there on
     * @param hint with {1} for the first group of {@code before}, {2} for that of {@code at}, and {table} for a table with the
     *     name of both. The groups are what the position covers
     */
    private record Habit(Pattern before, Pattern at, String hint) {}

    private static final List<Habit> HABITS = List.of(
            habit("", "([‘’‚‛“”„‟«»])", "use the plain quotes of a keyboard: 'text', and `name`"),
            habit(
                    "\\b(?:FROM|JOIN)\\s+(\\w+)",
                    "(:[/\\\\][^\\s,;()'\"`]*)",
                    "a table is a dataset of this server, not a file of a computer or an address; give its path in"
                            + " backquotes, such as FROM `samples/air/airports.csv`"),
            habit(
                    "\\b(?:FROM|JOIN)\\s+",
                    "([/\\\\][^\\s,;()'\"`]*)",
                    "a table is a dataset of this server, not a file of a computer; give its path in backquotes, such as"
                            + " FROM `samples/air/airports.csv`"),
            habit(
                    "\\b(?:FROM|JOIN)\\s+([\\w.-]+-)",
                    "(\\w[\\w.-]*)",
                    "such a name of a table needs backquotes: {table}"),
            habit(
                    "\\b(?:FROM|JOIN)\\s+([\\w.\\-]+)",
                    "([/\\\\:-][^\\s,;()'\"`]*)",
                    "such a name of a table needs backquotes: {table}"),
            habit(
                    "\\b(?:FROM|JOIN)\\s+([\\w.]*)",
                    "(\\.\\d[\\w.-]*)",
                    "such a name of a table needs backquotes: {table}"),
            habit(
                    "\\b(?:FROM|JOIN)\\s+",
                    "('[^']*'|\"[^\"]*\")",
                    "a table has backquotes around its path, not other quotes: FROM `samples/air/airports.csv`"),
            habit("\\bAS\\s+", "('[^']*'|\"[^\"]*\")", "a name has backquotes around it, or none: AS `name`"),
            habit("(\\w+)", "(-[\\w-]+)", "a name with a hyphen needs backquotes: `{1}{2}`"),
            habit(";\\s*", "\\S", "a job is one query; send each as a job of its own"),
            habit("\\bLIMIT\\s+(\\d+)\\s*", "(?:,\\s*)(\\d+)", "write LIMIT {2} OFFSET {1}"),
            habit("\\bSELECT\\s+(?:DISTINCT\\s+)?(?:TOP\\s+)", "(\\d+)", "instead of TOP, write LIMIT {2} at the end"),
            habit("\\bFETCH\\s+", "(?:FIRST|NEXT)\\s+(\\d+)", "instead of FETCH, write LIMIT {2}"),
            habit("\\bOFFSET\\s+\\d+\\s+", "ROWS?\\b", "write LIMIT 5 OFFSET 10, without ROWS and FETCH"),
            habit("[(,=\\s]", "(\\[\\s*(?:[\\d'\"-][^\\]]*)?\\])", "a list is written array(1, 2, 3)"),
            habit("", "\\[\\s*([a-z_][^\\]\\n]*)\\]", "a name has backquotes around it, or none: `{2}`"),
            habit("-[>#]?", ">", "read JSON with get_json_object(column, '$.name')"),
            habit("", "#>", "read JSON with get_json_object(column, '$.name')"),
            habit("", "!?~", "compare with a regular expression by RLIKE: name RLIKE '^A'"),
            habit("", "#|//", "a comment begins with --, or is between /* and */"),
            habit("/", "/", "a comment begins with --, or is between /* and */"),
            habit("&?", "&", "write AND"),
            habit("", "=>", "write >="),
            habit("=", "[<>]", "write <= or >="),
            habit("", "[@$%][\\w{]|\\{", "a parameter is written :name, and args has its value"),
            habit("\\*\\s*(?:EXCLUDE|REPLACE)\\s*", "\\(", "write * EXCEPT (a, b)"),
            habit("\\b(?:ORDER|GROUP)\\s+", "(BY)\\s*;?\\s*\\z", "what to sort or group by is missing after it"),
            habit("\\b(ORDER|GROUP|PARTITION)\\s+", "(?!B)[\\w`(]", "write {1} BY"),
            habit("'", "\\w+", "a quote in a text is written twice, as in 'O''Hare'; is a quote missing before?"),
            habit("\\bBETWEEN\\s+\\S+\\s*", ",", "write BETWEEN 1 AND 2"),
            habit("", "IN\\s+[^\\s(]", "the values of IN stand in brackets: IN (1, 2)"),
            habit("\\w\\s+", "NOT\\s+NULL", "write IS NOT NULL"),
            habit("\\bVARCHAR\\s*\\(\\s*", "MAX\\b", "write STRING"),
            habit("\\b(?:CAST\\s*\\(.*|::\\s*)DOUBLE\\s+", "PRECISION\\b", "write DOUBLE"),
            habit("\\bTIMESTAMP\\s+", "WITH\\s+TIME\\b", "write TIMESTAMP"),
            habit("\\bCAST\\s*\\([^()]*?\\s", "[a-z]\\w*\\s*\\)", "write CAST(value AS TYPE)"),
            habit(
                    "\\bWITH\\s+\\w+\\s+AS\\s+",
                    "SELECT\\b",
                    "the query of a step stands in brackets: WITH a AS (SELECT …)"),
            habit("\\)\\s*", "WITH\\b", "write WITH once, and commas between its steps"),
            habit(
                    "\\w\\s+",
                    "(?:FROM|WHERE|GROUP|HAVING|ORDER|LIMIT)\\b",
                    "the order is SELECT, FROM, WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, each once"),
            habit("", "['\"`](?!.*['\"`])", "is a quote not closed?"));

    /** What is often misspelt. */
    private static final List<String> KEYWORDS = List.of(
            "SELECT",
            "DISTINCT",
            "FROM",
            "WHERE",
            "GROUP",
            "BY",
            "HAVING",
            "ORDER",
            "LIMIT",
            "OFFSET",
            "INNER",
            "LEFT",
            "RIGHT",
            "OUTER",
            "CROSS",
            "JOIN",
            "ON",
            "USING",
            "UNION",
            "INTERSECT",
            "EXCEPT",
            "WITH",
            "BETWEEN",
            "LIKE",
            "CASE",
            "WHEN",
            "THEN",
            "ELSE",
            "END",
            "DESC",
            "ASC",
            "OVER",
            "PARTITION",
            "VALUES",
            "QUALIFY",
            "AND",
            "OR",
            "NOT",
            "NULL",
            "AS",
            "IN",
            "IS");

    private static final Pattern WORD_BEFORE = Pattern.compile("(\\w+)\\s+\\z");
    private static final Pattern WORD = Pattern.compile("\\w+");
    private static final Pattern PATH_WITH_TYPE = Pattern.compile(
            "(.+?)((?:\\.(?:csv|tsv|txt|json|jsonl|ndjson|parquet|orc|gz|bz2|zst|xz|lz4|snappy))+)",
            Pattern.CASE_INSENSITIVE);

    private final SqlText text;

    /** The indexes of the error's token in the parsed text. */
    private final int start;

    private final int end;
    private final String before;
    private final String from;

    private SyntaxErrors(ParseException e, SqlText text) {
        this.text = text;
        String parsed = text.parsed();
        this.start = e.line().isEmpty()
                ? parsed.length()
                : parsed.offsetByCodePoints(0, text.index((Integer) e.line().get(), (Integer)
                        e.startPosition().get()));
        String token = token(e).replaceFirst("^'(.*)'$", "$1");
        this.end = parsed.startsWith(token, start) ? start + token.length() : Math.min(parsed.length(), start + 1);
        this.before = parsed.substring(Math.max(0, start - WINDOW), start);
        this.from = parsed.substring(start, Math.min(parsed.length(), start + WINDOW));
    }

    private static Habit habit(String before, String at, String hint) {
        return new Habit(
                Pattern.compile("(?:" + before + ")\\z", Pattern.CASE_INSENSITIVE),
                Pattern.compile(at, Pattern.CASE_INSENSITIVE),
                hint);
    }

    /** Refuses a text for an error that the parser has found. */
    static JobException refusal(ParseException e, SqlText text) {
        return new SyntaxErrors(e, text)
                .refusal(token(e), e.getMessageParameters().getOrDefault("hint", ""));
    }

    /** In quotes, or “end of input”. */
    private static String token(ParseException e) {
        return e.getMessageParameters().getOrDefault("error", "'-'");
    }

    private JobException refusal(String token, String sparksHint) {
        String problem = "has a syntax error at " + (token.equals("end of input") ? "its end" : token);
        for (Habit habit : HABITS) {
            Matcher left = habit.before().matcher(before);
            Matcher right = habit.at().matcher(from);
            if (left.find() && right.lookingAt()) {
                return SqlProblems.invalid(
                        problem + "; " + filled(habit.hint(), group(left), group(right)), position(left, right));
            }
        }
        Matcher at = WORD.matcher(from);
        Matcher earlier = WORD_BEFORE.matcher(before);
        boolean hasEarlier = earlier.find();
        if (hasEarlier && at.lookingAt() && isKeyword(at.group()) && isMisspelt(earlier.group(1))) {
            return misspelt(earlier.group(1), start - before.length() + earlier.start());
        }
        if (at.lookingAt() && isMisspelt(at.group())) {
            return misspelt(at.group(), start);
        }
        if (hasEarlier && isMisspelt(earlier.group(1))) {
            return misspelt(earlier.group(1), start - before.length() + earlier.start());
        }
        boolean isExtra = sparksHint.contains("extra input") || sparksHint.isEmpty();
        return SqlProblems.invalid(problem + (isExtra ? "" : sparksHint), position(start, end));
    }

    private static boolean isKeyword(String word) {
        return KEYWORDS.contains(word.toUpperCase(Locale.ROOT));
    }

    private static boolean isMisspelt(String word) {
        return !isKeyword(word) && !meant(word).isEmpty();
    }

    private static List<String> meant(String word) {
        return word.equalsIgnoreCase("BT") || word.equalsIgnoreCase("YB")
                ? List.of("BY")
                : Suggestions.similar(word, KEYWORDS);
    }

    private JobException misspelt(String word, int at) {
        return SqlProblems.invalid(
                "has a syntax error near " + word + "; is it meant to be "
                        + meant(word).get(0) + "?",
                position(at, at + word.length()));
    }

    private static String group(Matcher matcher) {
        return matcher.groupCount() == 0 || matcher.group(1) == null ? "" : matcher.group(1);
    }

    private static String filled(String hint, String left, String right) {
        return hint.replace("{table}", table(left + right)).replace("{1}", left).replace("{2}", right);
    }

    private TextPosition position(Matcher left, Matcher right) {
        int shift = start - before.length();
        int first = group(left).isEmpty() ? start : shift + left.start(1);
        int last = group(right).isEmpty() ? end : start + right.end();
        return position(first, Math.max(last, end));
    }

    private TextPosition position(int first, int last) {
        String parsed = text.parsed();
        return text.position(parsed.codePointCount(0, first), parsed.codePointCount(0, last));
    }

    /** A table whose name was written without backquotes, as it must be written. */
    private static String table(String written) {
        if (written.contains("/") || written.contains("\\")) {
            return SqlNames.quoted(written.replace('\\', '/'));
        }
        Matcher path = PATH_WITH_TYPE.matcher(written);
        if (path.matches()) {
            return SqlNames.quoted(path.group(1).replace('.', '/') + path.group(2));
        }
        return Stream.of(written.split("\\."))
                .map(part -> part.matches("[a-zA-Z_]\\w*") ? part : SqlNames.quoted(part))
                .collect(Collectors.joining("."));
    }
}
