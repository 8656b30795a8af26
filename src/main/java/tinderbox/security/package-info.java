/** Who may do what, and what was done: tokens, roles, sessions, budgets and the audit log. */
package tinderbox.security;
