/**
 * The way of a request on Undertow: connection, framing, filters, routing, and the response on the wire; one
 * mapper turns whatever is thrown into a problem document.
 */
package tinderbox.http.server;
