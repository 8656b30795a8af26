package tinderbox.dataset;

/**
 * Who uploads or deletes.
 *
 * @param name beside what is uploaded
 * @param mayChangeAll whether also what others have uploaded may be replaced and deleted
 * @param principal what its share of the upload slots is counted by
 */
public record Uploader(String name, boolean mayChangeAll, String principal) {}
