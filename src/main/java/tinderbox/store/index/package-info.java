/** Finds jobs: a table in memory for lists and searches, and an HSQLDB database from which a start fills it. */
package tinderbox.store.index;
