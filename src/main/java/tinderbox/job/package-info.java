/**
 * The domain: what a job is, which states it passes through, and every reason for saying no. It knows nothing of
 * HTTP, Spark or SQL.
 */
package tinderbox.job;
