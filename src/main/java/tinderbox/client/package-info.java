/** The client of a server: its API, and how a terminal shows what it returns. Needs no Spark, and starts quickly. */
package tinderbox.client;
