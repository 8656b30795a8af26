/** The access log: one line for each request, in a few files of bounded size. */
package tinderbox.http.access;
