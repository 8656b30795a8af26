package tinderbox.dataset;

/**
 * Who uploads or deletes.
 *
 * @param name beside what is uploaded
 * @param mayChangeAll whether also what others have uploaded may be replaced and deleted
 */
public record Uploader(String name, boolean mayChangeAll) {}
