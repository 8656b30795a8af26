/**
 * Who may do what, and who did it: tokens, roles, sessions, budgets and the audit log. Imports {@code job} and {@code
 * json}.
 */
package tinderbox.security;
