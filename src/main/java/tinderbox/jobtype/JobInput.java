package tinderbox.jobtype;

import tinderbox.job.TextPosition;

/**
 * A dataset that a job reads, and where its request names it. A problem with the dataset is reported there.
 *
 * @param path the dataset's path
 * @param field the field's path in the request, as {@link ParamSpec#field} returns it
 * @param position where in the field's text, or null if the field is the path
 */
public record JobInput(String path, String field, TextPosition position) {}
