/**
 * Jobs on disk: {@link tinderbox.store.JobFolders} is the truth, {@link tinderbox.store.JobIndex} finds things
 * in it. Imports {@code job}, {@code json}, {@code java.sql}, Hikari and HSQLDB.
 */
package tinderbox.store;
