package tinderbox.store;

import tinderbox.common.TimingPoint;

/**
 * Measures what the index does.
 *
 * @param lists finds the jobs of one page of a list, in memory
 * @param reads reads jobs from the database
 * @param writes writes a batch of changes to the database
 */
public record IndexTimings(TimingPoint lists, TimingPoint reads, TimingPoint writes) {
    IndexTimings() {
        this(new TimingPoint(), new TimingPoint(), new TimingPoint());
    }
}
