package tinderbox.job;

/**
 * One thing that is wrong with one field of a request.
 *
 * @param field its path in the request, such as {@code params.input}
 * @param message what is wrong and what is allowed
 */
public record FieldProblem(String field, String message) {}
