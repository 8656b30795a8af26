/**
 * The HTTP API and the page. A request comes in through {@link tinderbox.http.HttpServer}, is admitted, finds its
 * line in the route table and is answered on a worker thread by a handler that returns an answer or throws; one
 * mapper turns whatever is thrown into a problem document. Imports every package but {@code spark} and {@code
 * store}, Undertow and dsl-json.
 */
package tinderbox.http;
