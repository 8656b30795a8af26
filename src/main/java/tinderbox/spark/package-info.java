/**
 * The one Spark session, and the attempts that run on it: one fresh thread and one job group each. Imports
 * {@code job}, {@code jobtype} and Spark.
 */
package tinderbox.spark;
