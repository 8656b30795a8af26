/** The composition root: {@link tinderbox.Server} and what only it needs. */
package tinderbox;
