/**
 * The kinds of jobs. A job type is one class. Its {@link tinderbox.jobtype.ParamSpec}s describe the form, the checks and
 * the API; {@link tinderbox.jobtype.JobTypes} lists it.
 */
package tinderbox.jobtype;
