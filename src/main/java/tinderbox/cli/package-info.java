/** The command line: commands with their options and messages, and the preparations of a process for a server. */
package tinderbox.cli;
