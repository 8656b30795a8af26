/** Where the parts are put together: {@link tinderbox.Server} and what only it needs. */
package tinderbox;
