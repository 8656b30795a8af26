package tinderbox.jobtype.wordcount;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.io.compress.ZStandardCodec;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;

/** How the files of an input are packed, and how they are unpacked; the same on the driver and on executors. */
final class InputFiles {
    /** Read with one call each; it is to stay in the processor's second cache until it has been looked at. */
    static final int BUFFER = 1 << 18;

    /** With what the operator has set as {@code spark.hadoop.…}. */
    private static final Configuration CONF =
            SparkHadoopUtil.get().newConfiguration(SparkEnv.get().conf());

    private static final CompressionCodecFactory CODECS = new CompressionCodecFactory(CONF);

    private InputFiles() {}

    /** Whether the ending of a file's name says that it is packed. */
    static boolean isPacked(String name) {
        return codec(name) != null;
    }

    private static CompressionCodec codec(String name) {
        return CODECS.getCodec(new Path(name.substring(name.lastIndexOf('/') + 1)));
    }

    /** The content of a packed file. Closing it closes the file. */
    static InputStream unpacked(String name, InputStream file) throws IOException {
        CompressionCodec codec = codec(name);
        if (codec instanceof BZip2Codec) {
            // Hadoop's takes a file in which it finds no block for an empty one, and passes over what is damaged.
            return new BZip2CompressorInputStream(new BufferedInputStream(file, BUFFER), true);
        }
        // Hadoop's needs a library of its own on the machine.
        return codec instanceof ZStandardCodec ? new ZstdInputStreamNoFinalizer(file) : codec.createInputStream(file);
    }
}
