package tinderbox.dataset;

import java.nio.channels.SeekableByteChannel;

/**
 * An open file of a dataset.
 *
 * @param name the last part of its path
 * @param file its bytes as they are stored; the caller closes it
 * @param version changes whenever the file does
 */
public record DatasetContent(String name, SeekableByteChannel file, String version) {}
