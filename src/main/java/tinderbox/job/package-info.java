/**
 * The domain: jobs, their states, and every reason for a refusal or a failure. It knows nothing of HTTP, Spark or SQL.
 */
package tinderbox.job;
