/**
 * The result of a job: CSV rows with typed columns, written row by row, or in parts by tasks.
 */
package tinderbox.job.result;
