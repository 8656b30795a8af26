/** The result of a job: CSV rows with typed columns, written row by row and read page by page. */
package tinderbox.job.result;
