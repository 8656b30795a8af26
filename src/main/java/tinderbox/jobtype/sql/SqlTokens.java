package tinderbox.jobtype.sql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.ParseErrorListener$;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import tinderbox.job.JobException;
import tinderbox.job.TextPosition;

/**
 * The tokens of a query, from Spark's own lexer. What would cost Spark's parser more than linear time is refused here: it
 * recurses into each bracket, type, {@code CASE} and prefix operator.
 */
final class SqlTokens extends CommonTokenStream {
    /** How deep brackets, types, {@code CASE} and prefix operators may be nested. */
    static final int MAX_DEPTH = 100;

    /** The same, for a schema in a text. */
    static final int MAX_SCHEMA_DEPTH = 30;

    /** How deep types may be nested: each level makes the parser slower by more than the one before. */
    private static final int MAX_TYPE_DEPTH = 30;

    /** The parser computes the 2^n sets of a {@code CUBE}. */
    static final int MAX_CUBE = 10;

    private static final int MAX_CUBE_SETS = 4_096;

    private static final int MAX_NAME_PARTS = 100;

    /** Of one part of a name: Spark compares one that it does not know with all that it knows, letter by letter. */
    private static final int MAX_NAME_LENGTH = 1_000;

    private static final Set<Integer> NAMES = Set.of(SqlBaseLexer.IDENTIFIER, SqlBaseLexer.BACKQUOTED_IDENTIFIER);

    /** The lexer needs quadratic time for comments in comments. */
    private static final int MAX_OPEN_COMMENTS = 500;

    private static final Set<Integer> PREFIXES = Set.of(
            SqlBaseLexer.NOT,
            SqlBaseLexer.BANG,
            SqlBaseLexer.MINUS,
            SqlBaseLexer.PLUS,
            SqlBaseLexer.TILDE,
            SqlBaseLexer.ARROW,
            SqlBaseLexer.EXPLAIN);

    private static final Set<Integer> TYPES_WITH_PARAMETERS =
            Set.of(SqlBaseLexer.ARRAY, SqlBaseLexer.MAP, SqlBaseLexer.STRUCT);

    private final SqlText text;
    private final Deadline deadline;

    SqlTokens(SqlText text, Deadline deadline) {
        super(lexer(text, deadline));
        this.text = text;
        this.deadline = deadline;
    }

    /**
     * Refuses a schema, such as {@code a INT, b STRING}, that would take Spark's parser long. Nothing limits the time of that
     * parser.
     */
    static void checkSchema(String ddl) {
        if (ddl.contains("/*")) {
            // A schema needs no comments, and the lexer needs seconds for a few hundred in each other.
            throw SqlProblems.invalid("must not have a comment in a schema", null);
        }
        new SqlTokens(SqlText.of(ddl), Deadline.after(SqlParser.MAX_TIME)).checkDepth(MAX_SCHEMA_DEPTH);
    }

    private static SqlBaseLexer lexer(SqlText text, Deadline deadline) {
        checkComments(text);
        var lexer = new SqlBaseLexer(new BoundedChars(text.parsed(), deadline));
        lexer.removeErrorListeners();
        lexer.addErrorListener(ParseErrorListener$.MODULE$);
        return lexer;
    }

    /** Counts in strings as well: only the lexer knows better. */
    private static void checkComments(SqlText text) {
        String parsed = text.parsed();
        int open = 0;
        for (int i = 0; i + 1 < parsed.length(); i++) {
            if (parsed.charAt(i) == '/' && parsed.charAt(i + 1) == '*') {
                open++;
                i++;
            } else if (parsed.charAt(i) == '*' && parsed.charAt(i + 1) == '/') {
                open = Math.max(0, open - 1);
                i++;
            }
            if (open > MAX_OPEN_COMMENTS) {
                throw SqlProblems.invalid(
                        "has too many comments within comments", TextPosition.of(parsed, i - 1, i + 1));
            }
        }
    }

    /** Of the parser's many look-aheads, each ends after the deadline. */
    @Override
    public int LA(int i) {
        deadline.check();
        return super.LA(i);
    }

    /** Refuses what is nested more deeply than this. */
    void checkDepth(int max) {
        fill();
        new DepthScan(max).scan(getTokens());
    }

    /** Counts like the grammar of Spark; a text that is not in it may be counted differently. */
    private final class DepthScan {
        /** The types of the tokens that opened what is still open. */
        private final Deque<Integer> open = new ArrayDeque<>();

        private final int max;
        private int run;
        private int types;
        private int dots;
        private int cubeItems;
        private int cubeSets;
        private int cubeDepth = -1;

        DepthScan(int max) {
            this.max = max;
        }

        void scan(List<Token> tokens) {
            Token before = null;
            for (Token token : tokens) {
                if (token.getChannel() == Token.DEFAULT_CHANNEL) {
                    count(token, before == null ? Token.EOF : before.getType());
                    before = token;
                }
            }
        }

        private void count(Token token, int before) {
            int type = token.getType();
            run = PREFIXES.contains(type)
                    ? run + 1
                    : type == SqlBaseLexer.ARROW || before == SqlBaseLexer.ARROW ? run : 0;
            switch (type) {
                case SqlBaseLexer.LEFT_PAREN, SqlBaseLexer.LEFT_BRACKET, SqlBaseLexer.CASE -> {
                    if (before == SqlBaseLexer.CUBE) {
                        cubeDepth = open.size() + 1;
                        cubeItems = 1;
                    }
                    open.push(type);
                }
                case SqlBaseLexer.RIGHT_PAREN -> close(SqlBaseLexer.LEFT_PAREN);
                case SqlBaseLexer.RIGHT_BRACKET -> close(SqlBaseLexer.LEFT_BRACKET);
                case SqlBaseLexer.END -> closeIfInnermost(SqlBaseLexer.CASE);
                case SqlBaseLexer.LT -> {
                    if (TYPES_WITH_PARAMETERS.contains(before)) {
                        open.push(type);
                        if (++types > MAX_TYPE_DEPTH) {
                            throw SqlProblems.invalid(
                                    "has a type that is nested more than " + MAX_TYPE_DEPTH + " levels deep",
                                    position(token));
                        }
                    }
                }
                case SqlBaseLexer.GT -> closeTypes(1);
                case SqlBaseLexer.SHIFT_RIGHT -> closeTypes(2);
                case SqlBaseLexer.SHIFT_RIGHT_UNSIGNED -> closeTypes(3);
                case SqlBaseLexer.COMMA -> countCubeItem(token);
                default -> {}
            }
            countDots(token, before);
            checkLength(token);
            if (cubeSets > MAX_CUBE_SETS) {
                throw largeCube(position(token));
            }
            if (open.size() + run > max) {
                throw SqlProblems.invalid(
                        "is nested more than " + max
                                + " levels deep here; split it into steps with WITH, or write lists without brackets"
                                + " around each item",
                        position(token));
            }
        }

        private void countCubeItem(Token token) {
            if (open.size() == cubeDepth && ++cubeItems > MAX_CUBE) {
                throw largeCube(position(token));
            }
        }

        /** A name of many parts is copied for each of them. */
        private void countDots(Token token, int before) {
            if (token.getType() == SqlBaseLexer.DOT) {
                dots++;
            } else if (before != SqlBaseLexer.DOT) {
                dots = 0;
            }
            if (dots > MAX_NAME_PARTS) {
                throw SqlProblems.invalid(
                        "must not have a name of more than " + MAX_NAME_PARTS + " parts", position(token));
            }
        }

        private void checkLength(Token token) {
            if (NAMES.contains(token.getType()) && token.getStopIndex() - token.getStartIndex() >= MAX_NAME_LENGTH) {
                throw SqlProblems.invalid(
                        "must not have a name of more than " + MAX_NAME_LENGTH
                                + " characters; name a dataset with a longer path as a text, such as read_csv('…')",
                        position(token));
            }
        }

        private void close(int opening) {
            int closed = -1;
            while (!open.isEmpty() && closed != opening) {
                closed = open.pop();
                types -= closed == SqlBaseLexer.LT ? 1 : 0;
            }
            if (open.size() < cubeDepth) {
                cubeDepth = -1;
                cubeSets += 1 << cubeItems;
            }
        }

        private void closeIfInnermost(int opening) {
            if (!open.isEmpty() && open.peek() == opening) {
                open.pop();
                types -= opening == SqlBaseLexer.LT ? 1 : 0;
            }
        }

        private void closeTypes(int count) {
            for (int i = 0; i < count; i++) {
                closeIfInnermost(SqlBaseLexer.LT);
            }
        }
    }

    static JobException largeCube(TextPosition position) {
        return SqlProblems.invalid(
                "must not have a CUBE of more than " + MAX_CUBE
                        + " columns, which has a group for each of their combinations; use GROUPING SETS or ROLLUP",
                position);
    }

    private TextPosition position(Token token) {
        return text.position(token.getStartIndex(), token.getStopIndex() + 1);
    }
}
