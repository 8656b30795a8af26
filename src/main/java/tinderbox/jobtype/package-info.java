/**
 * What can be run. A job type is one class: its {@link tinderbox.jobtype.ParamSpec}s draw the form, check the request
 * and document the API; {@link tinderbox.jobtype.JobTypes} lists it.
 */
package tinderbox.jobtype;
