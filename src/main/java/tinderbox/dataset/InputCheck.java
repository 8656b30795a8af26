package tinderbox.dataset;

/**
 * Whether a dataset can be an input of a job.
 *
 * @param problem why it cannot, or null
 * @param bytes its size; if a folder has too many files for a quick check, that of the first ones
 */
public record InputCheck(String problem, long bytes) {
    static InputCheck failed(String problem) {
        return new InputCheck(problem, 0);
    }

    static InputCheck ofSize(long bytes, InputLimits limits) {
        return new InputCheck(limits.problemWith(bytes), bytes);
    }
}
