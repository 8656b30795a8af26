package tinderbox.dataset;

import tinderbox.job.Visibility;

/**
 * A caller who uploads or deletes files.
 *
 * @param name recorded as the owner of what it uploads
 * @param mayChangeAll whether it may also replace and delete the files of others
 * @param principal identifies the caller for its share of the upload slots
 * @param visibility whose uploads and jobs it sees
 */
public record Uploader(String name, boolean mayChangeAll, String principal, Visibility visibility) {}
