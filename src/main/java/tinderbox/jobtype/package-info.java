/**
 * What can be run. A job type is one class: its {@link tinderbox.jobtype.ParamSpec}s draw the form, check the
 * request and document the API; {@link tinderbox.jobtype.JobTypes} lists it. Imports {@code job}, {@code
 * dataset}, Spark, Hadoop's file systems, what unpacks files, and what knows the letters of all scripts.
 */
package tinderbox.jobtype;
