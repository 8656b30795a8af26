/** What the server measures, in the text format of Prometheus. Labels have few values: never ids or names of users. */
package tinderbox.metrics;
