/** Jobs on disk: {@link tinderbox.store.JobFolders} is the source of truth; the index finds jobs in it. */
package tinderbox.store;
