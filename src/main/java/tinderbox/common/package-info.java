/** What all packages share: worker threads, the clock to trust, retries, shortages of the machine. Knows nothing of jobs. */
package tinderbox.common;
