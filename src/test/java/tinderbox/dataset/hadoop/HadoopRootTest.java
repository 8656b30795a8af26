package tinderbox.dataset.hadoop;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HadoopRootTest {
    /** Nobody listens there: an HDFS client refuses these names without asking. */
    private final HadoopRoot root = new HadoopRoot("lab", URI.create("hdfs://127.0.0.1:1/lab/"));

    @ParameterizedTest
    @ValueSource(strings = {"a:b", ":"})
    void whatCanBeNoNameInAnHdfsIsNotThere(String name) {
        assertNull(root.resolve(List.of(name, "x")));
    }
}
