/** Jobs on disk: {@link tinderbox.store.JobFolders} is the truth; the index finds things in it. */
package tinderbox.store;
