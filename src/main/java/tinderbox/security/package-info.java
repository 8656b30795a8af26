/**
 * Who may do what, and who did it. Imports {@code job} and {@code json}.
 */
package tinderbox.security;
