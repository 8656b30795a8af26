/** A standalone cluster outside of a session: its secret, its master and workers as processes, and what a master knows. */
package tinderbox.cluster;
