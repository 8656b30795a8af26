package tinderbox.dataset;

/**
 * Whether a dataset can be an input of a job.
 *
 * @param problem why it cannot, or null
 * @param bytes its size; if a folder has too many files for a quick check, that of the first ones
 * @param fromDriver how much of that the server has to send to the workers
 */
public record InputCheck(String problem, long bytes, long fromDriver) {
    static InputCheck failed(String problem) {
        return new InputCheck(problem, 0, 0);
    }
}
