/** Server-sent events: numbered topics, snapshots for those who join, one bounded stream per client. */
package tinderbox.http.events;
