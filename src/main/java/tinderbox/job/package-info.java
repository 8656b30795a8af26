/**
 * The domain: what a job is, which states it passes through, and who may move it. It knows nothing of
 * HTTP, Spark or SQL; those stand behind the ports {@link tinderbox.job.JobStore}, {@link
 * tinderbox.job.JobRunner} and {@link tinderbox.job.JobCatalog}. Imports {@code java.*} and slf4j only.
 */
package tinderbox.job;
