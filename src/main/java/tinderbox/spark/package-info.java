/** The one Spark session, and the attempts that run on it: one thread and one job group each. */
package tinderbox.spark;
