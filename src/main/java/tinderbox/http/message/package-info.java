/** Requests and responses, and the syntax of their parts. */
package tinderbox.http.message;
