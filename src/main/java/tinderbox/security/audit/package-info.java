/** Who did what: the audit log, its hash chain, and its check. */
package tinderbox.security.audit;
