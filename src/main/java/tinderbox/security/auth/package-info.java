/** Who may do what: tokens, roles, browser sessions, rate limits. */
package tinderbox.security.auth;
