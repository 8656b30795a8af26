/** The audit log: its files, its hash chain, and the check of both. */
package tinderbox.security.audit;
