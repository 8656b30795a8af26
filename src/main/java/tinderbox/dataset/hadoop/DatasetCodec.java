package tinderbox.dataset.hadoop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configurable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionInputStream;
import org.apache.hadoop.io.compress.CompressionOutputStream;
import org.apache.hadoop.io.compress.Compressor;
import org.apache.hadoop.io.compress.Decompressor;
import org.apache.hadoop.io.compress.GzipCodec;
import org.apache.hadoop.io.compress.ZStandardCodec;
import org.apache.spark.TaskContext;
import tinderbox.dataset.Compression;
import tinderbox.dataset.DecompressedInputStream;
import tinderbox.dataset.DecompressionGuard;
import tinderbox.dataset.InputLimits;

/**
 * Decompresses datasets for Spark's sources as word count does: with the same decoders, and within the limits of the
 * server. All tasks of a stage count together. Everything else is left to Hadoop's codec. Never splits a file.
 */
public abstract class DatasetCodec implements CompressionCodec, Configurable {
    private final Compression compression;
    private final CompressionCodec hadoop;
    private Configuration configuration;

    private DatasetCodec(Compression compression, CompressionCodec hadoop) {
        this.compression = compression;
        this.hadoop = hadoop;
    }

    /** For {@code .gz}. */
    public static final class Gzip extends DatasetCodec {
        public Gzip() {
            super(Compression.GZIP, new GzipCodec());
        }
    }

    /** For {@code .bz2}. */
    public static final class Bzip2 extends DatasetCodec {
        public Bzip2() {
            super(Compression.BZIP2, new BZip2Codec());
        }
    }

    /** For {@code .zst}. */
    public static final class Zstd extends DatasetCodec {
        public Zstd() {
            super(Compression.ZSTD, new ZStandardCodec());
        }
    }

    @Override
    public void setConf(Configuration conf) {
        configuration = conf;
        ((Configurable) hadoop).setConf(conf);
    }

    @Override
    public Configuration getConf() {
        return configuration;
    }

    @Override
    public String getDefaultExtension() {
        return hadoop.getDefaultExtension();
    }

    @Override
    public CompressionInputStream createInputStream(InputStream in) throws IOException {
        if (in instanceof FSDataInputStream data && data.getWrappedStream() instanceof DatasetInputStream file) {
            InputLimits limits = HadoopSettings.limits(configuration);
            return new Unpacked(
                    new DecompressedInputStream(
                            file, file.address(), file.bytes(), compression, DecompressionGuard.ofPass(pass(), limits)),
                    HadoopSettings.lineLimit(configuration));
        }
        return hadoop.createInputStream(in);
    }

    /** The stage, or outside of tasks this stream alone. */
    private String pass() {
        TaskContext task = TaskContext.get();
        return task == null
                ? UUID.randomUUID().toString()
                : task.getLocalProperty("spark.jobGroup.id") + " " + task.stageId() + "." + task.stageAttemptNumber();
    }

    @Override
    public CompressionInputStream createInputStream(InputStream in, Decompressor decompressor) throws IOException {
        return createInputStream(in);
    }

    /** None is needed, and null is what Hadoop's pool of decompressors takes for that. */
    @Override
    public Class<? extends Decompressor> getDecompressorType() {
        return null;
    }

    @Override
    public Decompressor createDecompressor() {
        return null;
    }

    @Override
    public CompressionOutputStream createOutputStream(OutputStream out) throws IOException {
        return hadoop.createOutputStream(out);
    }

    @Override
    public CompressionOutputStream createOutputStream(OutputStream out, Compressor compressor) throws IOException {
        return hadoop.createOutputStream(out, compressor);
    }

    @Override
    public Class<? extends Compressor> getCompressorType() {
        return hadoop.getCompressorType();
    }

    @Override
    public Compressor createCompressor() {
        return hadoop.createCompressor();
    }

    /** Adapts the decompressed content to Hadoop. */
    private static final class Unpacked extends CompressionInputStream {
        /** Null for no limit. */
        private final LineLimit lines;

        private Unpacked(InputStream content, LineLimit lines) throws IOException {
            super(content);
            this.lines = lines;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int read = in.read(into, from, length);
            if (lines != null) {
                lines.read(into, from, read);
            }
            return read;
        }

        @Override
        public void resetState() {
            throw new UnsupportedOperationException("the content is read once");
        }
    }
}
