/** The command line: commands, their options and messages, and what a process needs before a server starts. */
package tinderbox.cli;
