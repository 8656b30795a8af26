package tinderbox.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tinderbox.job.log.LogLine;

class TaskOutputTest {
    private static final String JOB = "a-job";

    private final List<LogLines> sent = new ArrayList<>();
    private long now;
    private final TaskOutput output = new TaskOutput(sent::add, text -> text.replace("/opt/place/", ""), () -> now);
    private final LineSink sink = output.ofId(JOB);

    private void write(int lines) {
        for (int i = 0; i < lines; i++) {
            sink.write(LogLine.Level.INFO, "line " + i);
        }
    }

    private int linesSent() {
        return sent.stream().mapToInt(message -> message.lines().size()).sum();
    }

    @Test
    void linesAreSentInOrderWithTheirJob() {
        output.ofId("other").write(LogLine.Level.WARN, "first");
        sink.write(LogLine.Level.INFO, "second");
        output.flush();

        assertEquals(
                List.of(
                        new LogLines.Line("other", LogLine.Level.WARN, "first"),
                        new LogLines.Line(JOB, LogLine.Level.INFO, "second")),
                sent.get(0).lines());
        output.flush();
        assertEquals(1, sent.size(), "there was nothing to send");
    }

    @Test
    void moreThanAHundredLinesInASecondAreCountedInstead() {
        write(150);
        output.flush();
        assertEquals(100, linesSent());
        assertEquals(List.of(new LogLines.LeftOut(JOB, 50)), sent.get(0).leftOut());

        write(1);
        output.flush();
        assertEquals(List.of(new LogLines.LeftOut(JOB, 1)), sent.get(1).leftOut());

        now += Duration.ofSeconds(1).toNanos();
        write(100);
        output.flush();
        assertEquals(200, linesSent());
        assertEquals(List.of(), sent.get(2).leftOut());
    }

    @Test
    void aLongLineIsCutAndPathsAreHidden() {
        sink.write(LogLine.Level.INFO, "/opt/place/part " + "x".repeat(LogLines.MAX_TEXT));
        output.flush();

        String text = sent.get(0).lines().get(0).text();
        assertTrue(text.startsWith("part xxx") && text.endsWith("…"), text);
        assertTrue(text.length() <= LogLines.MAX_TEXT, text);
    }

    @Test
    void aStackTraceIsSentLineByLine() {
        sink.write(LogLine.Level.ERROR, "came off", new IllegalStateException("no more\nof it"));
        output.flush();

        List<String> texts =
                sent.get(0).lines().stream().map(LogLines.Line::text).toList();
        assertEquals(List.of("came off", "java.lang.IllegalStateException: no more", "of it"), texts.subList(0, 3));
        assertTrue(texts.size() <= 51, texts::toString);
    }

    @Test
    void aDriverThatIsGoneHarmsNothing() {
        TaskOutput alone = new TaskOutput(
                lines -> {
                    throw new IllegalStateException("the driver is gone");
                },
                text -> text,
                () -> now);
        alone.ofId(JOB).write(LogLine.Level.INFO, "lost");
        alone.flush();

        assertNull(alone.ofId(null));
    }
}
