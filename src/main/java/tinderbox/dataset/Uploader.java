package tinderbox.dataset;

/**
 * A caller who uploads or deletes files.
 *
 * @param name recorded as the owner of what it uploads
 * @param mayChangeAll whether it may also replace and delete the files of others
 * @param principal identifies the caller for its share of the upload slots
 */
public record Uploader(String name, boolean mayChangeAll, String principal) {}
