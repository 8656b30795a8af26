/** The route table and its handlers. */
package tinderbox.http.api;
