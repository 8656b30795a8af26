package tinderbox.jobtype.sql;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CodePointCharStream;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.misc.Interval;

/**
 * The characters of a query for Spark's lexer: in upper case, as it expects them, and no longer than until a deadline.
 */
final class BoundedChars implements CharStream {
    private final CodePointCharStream text;
    private final Deadline deadline;

    BoundedChars(String text, Deadline deadline) {
        this.text = CharStreams.fromString(text);
        this.deadline = deadline;
    }

    @Override
    public int LA(int i) {
        deadline.check();
        int c = text.LA(i);
        return c == 0 || c == IntStream.EOF ? c : Character.toUpperCase(c);
    }

    @Override
    public void consume() {
        text.consume();
    }

    @Override
    public String getText(Interval interval) {
        return text.getText(interval);
    }

    @Override
    public int mark() {
        return text.mark();
    }

    @Override
    public void release(int marker) {
        text.release(marker);
    }

    @Override
    public int index() {
        return text.index();
    }

    @Override
    public void seek(int index) {
        text.seek(index);
    }

    @Override
    public int size() {
        return text.size();
    }

    @Override
    public String getSourceName() {
        return text.getSourceName();
    }
}
