package tinderbox.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.apache.spark.package$;
import org.junit.jupiter.api.Test;

class HelloTest {
    @Test
    void anotherFeatureVersionIsRefusedWithBothVersions() {
        assertEquals("it has Spark 4.1.1, but the server has Spark 4.2.0", Hello.refusal("4.1.1", "4.2.0"));
        assertEquals("it has Spark 4.20.0, but the server has Spark 4.2.0", Hello.refusal("4.20.0", "4.2.0"));
        assertNull(Hello.refusal("4.2.0", "4.2.0"));
        assertNull(Hello.refusal("4.2.1", "4.2.0"), "a release with repairs only");
    }

    @Test
    void aMessageArrivesAsItWasSent() throws Exception {
        Hello sent = Hello.ofThisProcess(List.of("lab"));

        assertEquals(sent, MessageCodec.decode(MessageCodec.encode(sent)));
        assertNull(sent.refusal(package$.MODULE$.SPARK_VERSION()));
    }
}
