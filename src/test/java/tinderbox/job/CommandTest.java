package tinderbox.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CommandTest {
    @Test
    void isWhatTheUserHasTyped() {
        assertEquals("./run.sh", Command.text("./run.sh", "/clone/target/tinderbox.jar"));
        assertEquals("java -jar target/tinderbox.jar", Command.text(null, "target/tinderbox.jar"));
        assertEquals("java -jar '/my tools/tinderbox.jar'", Command.text(null, "/my tools/tinderbox.jar"));
        assertEquals("java -jar '/it'\\''s/t.jar'", Command.text(null, "/it's/t.jar"));
        assertEquals("java -jar tinderbox.jar", Command.text(null, "/a/classes:/b/library.jar"));
    }
}
