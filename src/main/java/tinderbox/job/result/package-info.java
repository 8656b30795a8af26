/**
 * The result of a job: CSV rows with typed columns, written row by row or in parts by tasks, and read page by page.
 */
package tinderbox.job.result;
