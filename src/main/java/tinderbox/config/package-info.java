/**
 * The settings: their sources, defaults and checks, and the conditions for a server that other machines can reach.
 */
package tinderbox.config;
