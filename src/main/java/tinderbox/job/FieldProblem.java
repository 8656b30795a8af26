package tinderbox.job;

/**
 * One thing that is wrong with one field of a request.
 *
 * @param field its path in the request, such as {@code params.input} or {@code params.inputs[2]}
 * @param message what is wrong and what is allowed
 * @param position where in the field's text, or null
 */
public record FieldProblem(String field, String message, TextPosition position) {
    /** A problem with the whole field. */
    public FieldProblem(String field, String message) {
        this(field, message, null);
    }
}
