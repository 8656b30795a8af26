package tinderbox.jobtype.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Statements made by a seeded chance from parts of the lists of hostile and innocent ones: a small grammar says how parts fit
 * together, and then characters and words are changed in ways that mean the same, or nearly.
 */
final class StatementFuzzer {
    private static final int MAX_DEPTH = 4;

    /** Longer ones are rare, since their parts are. */
    private static final int MAX_LENGTH = 20_000;

    private static final Pattern TOKEN = Pattern.compile(
            "(?s)--[^\\n]*+|/\\*.*?\\*/|[rR]?'(?:[^'\\\\]++|\\\\.)*+'|\"(?:[^\"\\\\]++|\\\\.)*+\"|`(?:[^`]++|``)*+`"
                    + "|\\d+(?:\\.\\d+)?\\w*|\\w+|::|=>|->|\\|>|<=>|\\|\\||\\s+|.");

    private static final Pattern HOLE = Pattern.compile("\\{(\\w)}");
    /** Or one letter; keywords are in capitals in the lists. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_]*[a-z]\\w*");

    private static final Set<String> STARTS_OF_QUERIES = Set.of("SELECT", "WITH", "FROM", "VALUES", "TABLE");
    private static final Set<String> BEFORE_RELATIONS = Set.of("FROM", "JOIN", "TABLE", "LATERAL", "STREAM");
    private static final Set<String> ENDS = Set.of(
            "FROM",
            "WHERE",
            "GROUP",
            "HAVING",
            "ORDER",
            "LIMIT",
            "OFFSET",
            "QUALIFY",
            "WINDOW",
            "UNION",
            "INTERSECT",
            "EXCEPT",
            "PIVOT",
            "UNPIVOT",
            "TABLESAMPLE",
            "LATERAL",
            "JOIN",
            "ON",
            "DISTRIBUTE",
            "CLUSTER",
            "SORT",
            "INSERT",
            "WITH",
            "LEFT",
            "VERSION",
            "TIMESTAMP");

    /**
     * What a part can be made of. Holes: q a query, e an expression, r a relation, t what comes after a relation, p a step
     * of a pipe, s a string, n a name, f the name of a function, y a type, a any statement. A rule that begins with ! makes
     * what is mostly refused.
     */
    private static final Map<Character, List<String>> GRAMMAR = Map.of(
            'q',
            List.of(
                    "SELECT {e}",
                    "SELECT {e}, {e} AS {n} FROM {r}",
                    "SELECT * FROM {r} {t}",
                    "SELECT {e} FROM {r} {t} {t}",
                    "SELECT * FROM ({q}) AS {n}",
                    "WITH {n} AS ({q}) {q}",
                    "WITH {n} AS ({q}) SELECT * FROM {n}",
                    "WITH q AS ({q}) SELECT {e} FROM q, q AS r",
                    "WITH RECURSIVE q(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM q WHERE n < 5) SELECT {e} FROM q",
                    "WITH RECURSIVE q(n) AS ({q} UNION ALL {q}) SELECT * FROM q",
                    "({q}) UNION ALL ({q})",
                    "{q} UNION {q}",
                    "{q} INTERSECT {q}",
                    "({q}) EXCEPT ALL ({q})",
                    "({q})",
                    "FROM {r} {p}",
                    "FROM {r} {p} {p}",
                    "FROM ({q}) {p}",
                    "TABLE {r} {p}",
                    "VALUES ({e}, {e}), ({e}, {e})",
                    "SELECT {e} FROM VALUES (1, 'a'), (2, 'b') AS t(a, b) WHERE {e} = {e}",
                    "SELECT {e} FROM {r} WHERE EXISTS ({q})",
                    "SELECT {e} FROM {r} WHERE {e} IN ({q})",
                    "SELECT ({q}), {e}",
                    "SELECT {e}, count(*) FROM {r} GROUP BY {e} HAVING {e}",
                    "SELECT DISTINCT {e} FROM {r} ORDER BY {e} LIMIT {e}",
                    "SELECT * FROM {r}, LATERAL ({q})",
                    "SELECT * FROM {r} LATERAL VIEW explode({e}) {n} AS {n}",
                    "SELECT * FROM {r} PIVOT (max({e}) FOR {n} IN ({e}))",
                    "!SELECT * FROM {r} UNPIVOT (v FOR k IN ({n}, {n}))",
                    "SELECT /*+ BROADCAST({n}) */ {e} FROM {r}",
                    "!SELECT /*+ {f}({e}) */ * FROM {r}"),
            'a',
            List.of(
                    "{q}; {q}",
                    "BEGIN {q}; END",
                    "EXPLAIN {q}",
                    "INSERT INTO {r} {q}",
                    "WITH q AS ({q}) INSERT INTO {r} {q}",
                    "FROM {r} INSERT INTO {n} SELECT {e}",
                    "CREATE TABLE {n} AS {q}",
                    "CREATE TEMPORARY VIEW {n} AS {q}",
                    "CACHE TABLE {n} AS {q}",
                    "EXECUTE IMMEDIATE {s}",
                    "SET {n} = {e}",
                    "DELETE FROM {r} WHERE {e}",
                    "{a} {q}",
                    "{q} {a}"),
            'e',
            List.of(
                    "({q})",
                    "{f}({e})",
                    "{f}({e}, {e})",
                    "!{f}({s}, {s}, {s})",
                    "transform(array({e}, {e}), x -> {e})",
                    "aggregate(array({e}), {e}, (acc, x) -> {e})",
                    "CASE WHEN {e} THEN {e} ELSE {e} END",
                    "CASE {e} WHEN {e} THEN {e} END",
                    "cast({e} AS {y})",
                    "try_cast({s} AS {y})",
                    "{e}::{y}",
                    "{e} || {e}",
                    "{e} + {e}",
                    "{e} = {e} AND NOT {e}",
                    "{e} BETWEEN {e} AND {e}",
                    "{e} LIKE {s}",
                    "{e} IN ({e}, {e})",
                    "{e} IN ({q})",
                    "EXISTS ({q})",
                    "!IDENTIFIER({s})({e})",
                    "!IDENTIFIER({s})",
                    "array({e}, {e})[{e}]",
                    "map({s}, {e})[{s}]",
                    "named_struct({s}, {e}).{n}",
                    "struct({e}, {e})",
                    "!parse_json({s}):{n}",
                    "!from_json({s}, {s})",
                    "to_json(struct({e}))",
                    "sum({e}) OVER (PARTITION BY {e} ORDER BY {e})",
                    "row_number() OVER (ORDER BY {e})",
                    "count({e}) FILTER (WHERE {e})",
                    "listagg({e}, {s}) WITHIN GROUP (ORDER BY {e})",
                    "!interval {s} day",
                    "!date {s}",
                    "{s}",
                    "{n}",
                    "!{n}.{n}",
                    "!{n}._metadata.file_path",
                    "1",
                    "id",
                    "age",
                    "name",
                    "'x'",
                    "array(1, 2, 3)",
                    "current_date()",
                    "-2.5e3",
                    "NULL",
                    "true",
                    "*",
                    ":p"),
            'r',
            List.of(
                    "({q}) {n}",
                    "range({e})",
                    "range(3)",
                    "range(1, 5) AS {n}",
                    "VALUES (1, 'a'), (2, 'b') AS t(a, b)",
                    "!{f}({e})",
                    "explode({e})",
                    "!read_csv({s}, header => {e})",
                    "!read_csv({s}, {n} => {s})",
                    "!read_json({s})",
                    "!{r} WITH ({n} = {s})",
                    "`test/people.csv`",
                    "`test/orders.tsv` AS {n}",
                    "`test/events.ndjson`",
                    "!{n}.`/etc/passwd`",
                    "!{n}.{n}",
                    "!{n}",
                    "{r} JOIN {r} ON {e}",
                    "{r} LEFT JOIN {r} USING ({n})",
                    "!{r}, LATERAL ({q})",
                    "!IDENTIFIER({e})",
                    "!STREAM {r}",
                    "!{r} VERSION AS OF {e}",
                    "{r} TABLESAMPLE (5 ROWS)",
                    "!{f}(TABLE({q}))",
                    "!{f}({n} => TABLE({r}))"),
            't',
            List.of(
                    "WHERE {e}",
                    "GROUP BY {e}",
                    "GROUP BY CUBE ({e}, {e})",
                    "ORDER BY {e} DESC",
                    "LIMIT {e}",
                    "LIMIT 5",
                    "OFFSET {e}",
                    "QUALIFY {e}",
                    "WINDOW w AS (ORDER BY {e})",
                    "DISTRIBUTE BY {e}",
                    ""),
            'p',
            List.of(
                    "|> SELECT {e}, {e}",
                    "|> WHERE {e}",
                    "|> EXTEND {e} AS {n}",
                    "|> SET {n} = {e}",
                    "|> DROP {n}",
                    "|> AGGREGATE {e} GROUP BY {e}",
                    "|> ORDER BY {e}",
                    "|> LIMIT {e}",
                    "|> UNION ALL ({q})",
                    "|> JOIN {r} ON {e}",
                    "|> AS {n}",
                    "|> TABLESAMPLE (2 ROWS)"),
            'y',
            List.of(
                    "INT",
                    "STRING",
                    "DECIMAL(10, 2)",
                    "ARRAY<INT>",
                    "MAP<STRING, INT>",
                    "STRUCT<a: INT>",
                    "DATE",
                    "TIMESTAMP",
                    "VARIANT",
                    "BINARY",
                    "INTERVAL DAY",
                    "!java.lang.Runtime",
                    "STRING COLLATE UNICODE"));

    private static final List<String> SPACES = List.of(
            " ",
            "  ",
            "\t",
            "\n",
            "\r\n",
            "/**/",
            "/* ' */",
            "/* ; */",
            "-- x\n",
            "/*+ x */",
            "/* /* */ */",
            "\u00a0",
            "\u3000",
            "\f");

    /**
     * One that was made.
     *
     * @param args the values of its parameters
     * @param mayBeHostile whether parts of hostile statements were among those that it was made from
     */
    record Statement(String text, Map<String, Object> args, boolean mayBeHostile) {}

    private final Random random;
    private final Pool all;
    private final Pool innocent;
    /** Where the parts of the current statement are from. */
    private Pool pool;

    private boolean mayBeHostile;

    /** Statements, and their parts by kind. */
    private record Pool(List<String> whole, Map<Character, List<String>> parts) {
        static Pool of(List<String> statements) {
            Map<Character, Set<String>> found = new LinkedHashMap<>();
            for (char kind : "qaertpsnfy".toCharArray()) {
                found.put(kind, new LinkedHashSet<>());
            }
            statements.forEach(statement -> collect(tokens(statement), found));
            Map<Character, List<String>> parts = new LinkedHashMap<>();
            found.forEach((kind, texts) -> parts.put(kind, List.copyOf(texts)));
            return new Pool(statements, parts);
        }
    }

    /** A source of statements that are made from these. */
    StatementFuzzer(long seed, List<String> hostile, List<String> innocent) {
        this.random = new Random(seed);
        this.innocent = Pool.of(innocent);
        this.all = Pool.of(Stream.concat(hostile.stream().filter(each -> each.length() < 2_000), innocent.stream())
                .toList());
    }

    private static List<String> tokens(String text) {
        return TOKEN.matcher(text).results().map(MatchResult::group).collect(Collectors.toList());
    }

    /** Takes a statement apart. */
    private static void collect(List<String> tokens, Map<Character, Set<String>> found) {
        String first = word(tokens, 0);
        found.get(STARTS_OF_QUERIES.contains(first) ? 'q' : 'a').add(String.join("", tokens));
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            String upper = token.toUpperCase(Locale.ROOT);
            if (token.length() > 1 && (token.startsWith("'") || token.startsWith("\""))) {
                found.get('s').add(token);
            } else if (token.length() > 1 && token.startsWith("`")) {
                found.get('n').add(token);
            } else if (token.equals("(")) {
                int end = closing(tokens, i);
                String inner = join(tokens, i + 1, end);
                if (STARTS_OF_QUERIES.contains(word(tokens, i + 1))) {
                    found.get('q').add(inner);
                } else if (i > 0 && tokens.get(i - 1).matches("[A-Za-z_]\\w*|`.*`")) {
                    found.get('f').add(name(tokens, i - 1));
                    found.get('e').add(name(tokens, i - 1) + "(" + inner + ")");
                }
            } else if (upper.equals("SELECT")) {
                expressions(tokens, i + 1).forEach(found.get('e')::add);
            } else if (BEFORE_RELATIONS.contains(upper)) {
                found.get('r').add(clause(tokens, i + 1));
            } else if (token.equals("|>")) {
                found.get('p').add("|>" + clause(tokens, i + 1));
            } else if (ENDS.contains(upper)) {
                found.get('t').add(token + clause(tokens, i + 1));
            } else if (NAME.matcher(token).matches()
                    && (i + 1 == tokens.size() || !tokens.get(i + 1).equals("("))) {
                found.get('n').add(token);
            }
        }
    }

    /** The first word from here. */
    private static String word(List<String> tokens, int from) {
        return tokens.stream()
                .skip(from)
                .filter(token ->
                        !token.isBlank() && !token.equals("(") && !token.startsWith("/*") && !token.startsWith("--"))
                .findFirst()
                .orElse("")
                .toUpperCase(Locale.ROOT);
    }

    /** A name with dots that ends here. */
    private static String name(List<String> tokens, int last) {
        int start = last;
        while (start >= 2 && tokens.get(start - 1).equals(".")) {
            start -= 2;
        }
        return join(tokens, start, last + 1);
    }

    private static int closing(List<String> tokens, int open) {
        int depth = 0;
        for (int i = open; i < tokens.size(); i++) {
            depth += tokens.get(i).equals("(") ? 1 : tokens.get(i).equals(")") ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return tokens.size();
    }

    /** What follows up to the next clause. */
    private static String clause(List<String> tokens, int from) {
        int i = from;
        while (i < tokens.size()
                && !tokens.get(i).equals(")")
                && !tokens.get(i).equals("|>")
                && (i <= from + 1 || !ENDS.contains(tokens.get(i).toUpperCase(Locale.ROOT)))) {
            i = tokens.get(i).equals("(") ? closing(tokens, i) + 1 : i + 1;
        }
        return join(tokens, from, i);
    }

    private static List<String> expressions(List<String> tokens, int from) {
        List<String> expressions = new ArrayList<>();
        int start = from;
        int i = from;
        for (; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (token.equals("(")) {
                i = closing(tokens, i);
            } else if (token.equals(")") || ENDS.contains(token.toUpperCase(Locale.ROOT))) {
                break;
            } else if (token.equals(",")) {
                expressions.add(join(tokens, start, i).strip());
                start = i + 1;
            }
        }
        expressions.add(join(tokens, start, i).strip());
        expressions.removeIf(String::isEmpty);
        return expressions;
    }

    private static String join(List<String> tokens, int from, int to) {
        return String.join("", tokens.subList(Math.min(from, tokens.size()), Math.min(to, tokens.size())));
    }

    /** Makes the next one. */
    Statement next() {
        mayBeHostile = chance(0.5);
        pool = mayBeHostile ? all : innocent;
        String text;
        do {
            text = make();
        } while (text.length() > MAX_LENGTH);
        Map<String, Object> args = new LinkedHashMap<>();
        if (chance(0.15)) {
            text = withParameters(text, args);
        }
        args.putIfAbsent("p", pick(Arrays.asList("x", 1L, true, null, "'; DROP TABLE t --")));
        return new Statement(text, args, mayBeHostile);
    }

    private String make() {
        String text = switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5 -> replaced(pick(pool.whole()));
            case 6 -> fill(pick(GRAMMAR.get('a')), 1);
            case 7 -> spliced(pick(pool.whole()), pick(pool.whole()));
            default -> part('q', 0);
        };
        for (int i = chance(0.5) ? 0 : random.nextInt(3); i > 0; i--) {
            text = changed(text);
        }
        return text;
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** A part of this kind, made by the grammar or found in a list. */
    private String part(char kind, int depth) {
        List<String> rules = GRAMMAR.getOrDefault(kind, List.of()).stream()
                .filter(rule -> mayBeHostile || !rule.startsWith("!"))
                .toList();
        List<String> texts = pool.parts().get(kind);
        boolean isRule = !rules.isEmpty() && (texts.isEmpty() || (depth < MAX_DEPTH && chance(depth == 0 ? 0.8 : 0.5)));
        return isRule ? fill(pick(rules), depth + 1) : texts.isEmpty() ? "" : pick(texts);
    }

    private String fill(String rule, int depth) {
        return HOLE.matcher(rule.startsWith("!") ? rule.substring(1) : rule)
                .replaceAll(hole -> Matcher.quoteReplacement(part(hole.group(1).charAt(0), depth)));
    }

    /** A statement of a list with another part in the place of one in parentheses, or of a token. */
    private String replaced(String text) {
        List<String> tokens = tokens(text);
        int i = random.nextInt(tokens.size());
        String token = tokens.get(i);
        if (token.equals("(")) {
            int end = closing(tokens, i);
            String other = STARTS_OF_QUERIES.contains(word(tokens, i + 1)) ? part('q', 2) : part('e', 2);
            return join(tokens, 0, i + 1) + other + join(tokens, end, tokens.size());
        }
        tokens.set(i, token.isBlank() ? token : similar(token));
        return String.join("", tokens);
    }

    private String similar(String token) {
        char first = token.charAt(0);
        if (first == '\'' || first == '"') {
            return chance(0.5) ? part('s', MAX_DEPTH) : part('e', 2);
        }
        if (first == '`') {
            return part('n', MAX_DEPTH);
        }
        if (Character.isDigit(first)) {
            return part('e', 2);
        }
        if (Character.isLetter(first)) {
            return chance(0.5) ? part('f', MAX_DEPTH) : part('n', MAX_DEPTH);
        }
        return token;
    }

    private String spliced(String one, String other) {
        List<String> begin = tokens(one);
        List<String> end = tokens(other);
        return join(begin, 0, random.nextInt(begin.size()) + 1) + " "
                + join(end, random.nextInt(end.size()), end.size());
    }

    /** Writes it in another way: the case of letters, comments, quotes, escapes; or with a small fault. */
    private String changed(String text) {
        List<String> tokens = tokens(text);
        if (tokens.isEmpty()) {
            return text;
        }
        int i = random.nextInt(tokens.size());
        String token = tokens.get(i);
        switch (random.nextInt(9)) {
            case 0 -> tokens.replaceAll(each -> isWord(each) ? randomCase(each) : each);
            case 1 -> tokens.replaceAll(each -> each.isBlank() && chance(0.3) ? pick(SPACES) : each);
            case 2 -> tokens.replaceAll(each -> isString(each) && chance(0.5) ? otherString(each) : each);
            case 3 -> {
                if (isWord(token)) {
                    tokens.set(
                            i,
                            pick(List.of(
                                    "`" + token + "`",
                                    "builtin." + token,
                                    "system.builtin." + token,
                                    "session." + token,
                                    "default." + token,
                                    "`" + token + "``")));
                }
            }
            case 4 -> tokens.remove(i);
            case 5 -> tokens.add(i, token);
            case 6 -> tokens.add(i, pick(SPACES));
            case 7 ->
                tokens.add(
                        i,
                        pick(List.of(
                                ";",
                                "'",
                                "\"",
                                "`",
                                "(",
                                ")",
                                "/*",
                                "*/",
                                "--",
                                "\\",
                                "\0",
                                "$",
                                "{",
                                ":",
                                "?",
                                "${env:HOME}",
                                "\ud800",
                                "\u202e",
                                "@",
                                "!")));
            default -> {
                int times = chance(0.01) ? 600 : 3;
                return chance(0.5)
                        ? "(".repeat(times) + text + ")".repeat(times)
                        : "SELECT * FROM (" + text + ") WHERE 1 = 1";
            }
        }
        return String.join("", tokens);
    }

    private static boolean isWord(String token) {
        return token.matches("[A-Za-z_]\\w*");
    }

    private static boolean isString(String token) {
        return token.length() > 1 && token.startsWith("'") && token.endsWith("'");
    }

    private String randomCase(String word) {
        return word.chars()
                .mapToObj(c -> String.valueOf((char) c))
                .map(c -> random.nextBoolean() ? c.toUpperCase(Locale.ROOT) : c.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /** The same text by other characters. */
    private String otherString(String literal) {
        String text = literal.substring(1, literal.length() - 1);
        if (text.isEmpty() || text.indexOf('\\') >= 0) {
            return "\"" + text + "\"";
        }
        int middle = random.nextInt(text.length());
        return switch (random.nextInt(6)) {
            case 0 -> "'" + text.substring(0, middle) + "' '" + text.substring(middle) + "'";
            case 1 -> "'" + text.substring(0, middle) + "' || '" + text.substring(middle) + "'";
            case 2 -> "r'" + text + "'";
            case 3 ->
                IntStream.range(0, text.length())
                        .mapToObj(i ->
                                i == middle ? String.format("\\u%04x", (int) text.charAt(i)) : text.substring(i, i + 1))
                        .collect(Collectors.joining("", "'", "'"));
            case 4 -> "concat('" + text.substring(0, middle) + "', '" + text.substring(middle) + "')";
            default -> "\"" + text + "\"";
        };
    }

    /** With the value of a string, or a number, as an argument. */
    private String withParameters(String text, Map<String, Object> args) {
        List<String> tokens = tokens(text);
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (isString(token) && chance(0.5)) {
                args.put("p" + i, token.substring(1, token.length() - 1));
                tokens.set(i, ":p" + i);
            } else if (token.matches("\\d{1,18}") && chance(0.5)) {
                args.put("p" + i, Long.valueOf(token));
                tokens.set(i, ":p" + i);
            }
        }
        return String.join("", tokens);
    }
}
