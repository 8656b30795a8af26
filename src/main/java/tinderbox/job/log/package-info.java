/** The log of a job: writing it, and reading it by line number, also while it grows. */
package tinderbox.job.log;
