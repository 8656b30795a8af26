/**
 * Requests and responses on Undertow: connections, framing, filters, routing, and sending the response. One mapper turns
 * everything that is thrown into a problem document.
 */
package tinderbox.http.server;
