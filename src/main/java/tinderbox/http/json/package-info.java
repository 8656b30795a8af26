/** Wire types that more than one endpoint uses. The names of their components are the contract. */
package tinderbox.http.json;
