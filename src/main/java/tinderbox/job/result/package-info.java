/** The result of a job: CSV rows with typed columns, written as they come and read a page at a time. */
package tinderbox.job.result;
