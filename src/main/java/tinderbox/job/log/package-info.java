/** The log of a job: how it is written, found by line number, and read while it grows. */
package tinderbox.job.log;
