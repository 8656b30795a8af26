/**
 * Takes jobs from acceptance to their outcome: the queue, attempts and how they complete, limits, retention. Storage and
 * Spark are behind the ports {@link tinderbox.job.dispatch.JobStore} and {@link
 * tinderbox.job.dispatch.JobRunner}.
 */
package tinderbox.job.dispatch;
