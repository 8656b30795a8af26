/** A standalone cluster as the server and the workers see it from outside a session. */
package tinderbox.cluster;
