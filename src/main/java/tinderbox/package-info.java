/** Where the parts are put together: the command line, the configuration and the server. */
package tinderbox;
