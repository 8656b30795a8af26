package tinderbox.job;

/**
 * Which run sets to list; all conditions must hold.
 *
 * @param text only run sets whose name or id contains this, ignoring case; null for all
 * @param submittedBy only run sets of this submitter; null for all
 * @param before only run sets whose sequence number is smaller; null for all
 */
public record RunSetFilter(String text, String submittedBy, Long before) {
    /** This filter, limited to run sets before a place. */
    public RunSetFilter before(long place) {
        return new RunSetFilter(text, submittedBy, place);
    }
}
