/**
 * What all packages share: the clock to trust, retries, shortages of the machine, long reads, logging with no
 * memory left. It knows nothing of jobs.
 */
package tinderbox.common;
