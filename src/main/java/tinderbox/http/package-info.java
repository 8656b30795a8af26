/**
 * The HTTP API and the page. {@link tinderbox.http.HttpServer} puts its parts together: {@code server} carries
 * messages, {@code api} handles them, {@code events} streams what happens.
 */
package tinderbox.http;
