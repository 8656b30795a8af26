package tinderbox.common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LaunchCommandTest {
    @Test
    void isTheCommandThatTheUserTyped() {
        assertEquals("./run.sh", LaunchCommand.text("./run.sh", "/clone/target/tinderbox.jar"));
        assertEquals("java -jar target/tinderbox.jar", LaunchCommand.text(null, "target/tinderbox.jar"));
        assertEquals("java -jar '/my tools/tinderbox.jar'", LaunchCommand.text(null, "/my tools/tinderbox.jar"));
        assertEquals("java -jar '/it'\\''s/t.jar'", LaunchCommand.text(null, "/it's/t.jar"));
        assertEquals("java -jar tinderbox.jar", LaunchCommand.text(null, "/a/classes:/b/library.jar"));
    }
}
