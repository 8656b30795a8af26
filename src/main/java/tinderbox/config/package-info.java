/**
 * The settings: their sources, defaults and checks, and what must hold before other machines may reach the server.
 */
package tinderbox.config;
