/**
 * Reads published results: pages of them, rows that match filters, rows in another order, and whole results for
 * downloads.
 */
package tinderbox.job.result.read;
